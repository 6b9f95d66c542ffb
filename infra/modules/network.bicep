// Private networking: a virtual network with one subnet that the app's outbound traffic enters by,
// and one with a private endpoint for every storage service the app uses.

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@description('Name of the virtual network.')
param name string

@description('Prefix of the names of the private endpoints.')
param endpointPrefix string

@description('The storage accounts to close: name and resource id of each.')
param storageAccounts { name: string, id: string }[]

var storageServices = ['blob', 'queue', 'table']

// Every account with every service, the services running fastest.
var targets = [for k in range(0, length(storageAccounts) * length(storageServices)): {
  account: storageAccounts[k / length(storageServices)]
  service: storageServices[k % length(storageServices)]
}]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] }
    subnets: [
      {
        // One address per instance of the app: a /24 is room for the default maximum of 100 and a rolling update.
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          delegations: [
            {
              name: 'flex-consumption'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.0.1.0/24'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for service in storageServices: {
  name: 'privatelink.${service}.${environment().suffixes.storage}'
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (service, i) in storageServices: {
  parent: zones[i]
  name: 'link-${service}'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for target in targets: {
  name: '${endpointPrefix}${target.account.name}-${target.service}'
  location: location
  tags: tags
  properties: {
    subnet: { id: '${network.id}/subnets/endpoints' }
    privateLinkServiceConnections: [
      {
        name: target.service
        properties: {
          privateLinkServiceId: target.account.id
          groupIds: [target.service]
        }
      }
    ]
  }
}]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (target, k) in targets: {
  parent: endpoints[k]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: target.service
        properties: { privateDnsZoneId: zones[k % length(storageServices)].id }
      }
    ]
  }
}]

output id string = network.id
output integrationSubnetId string = '${network.id}/subnets/app'
output endpointSubnetId string = '${network.id}/subnets/endpoints'
