// Private endpoint of the app itself, for environments whose HTTP interface is closed to the internet.

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@description('Name of the private endpoint.')
param name string

@description('Resource id of the app.')
param appId string

@description('Virtual network that resolves the app\'s name to the endpoint.')
param virtualNetworkId string

@description('Subnet that the endpoint lies in.')
param subnetId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.azurewebsites.net'
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'link-api'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: virtualNetworkId }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: 'api'
        properties: {
          privateLinkServiceId: appId
          groupIds: ['sites']
        }
      }
    ]
  }
}

resource record 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'api'
        properties: { privateDnsZoneId: zone.id }
      }
    ]
  }
}
