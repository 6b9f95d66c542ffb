// One storage account, closed to keys, to anonymous readers and to old TLS.

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@minLength(3)
@maxLength(24)
@description('Name of the account.')
param name string

@allowed(['Standard_LRS', 'Standard_ZRS'])
@description('Replication: within a data centre, or across three zones.')
param replication string

@minValue(1)
@maxValue(365)
@description('Days that a deleted blob, version or container can be brought back.')
param softDeleteDays int

@description('Keep previous versions of overwritten blobs.')
param versioning bool

@description('Reachable from the internet (still only by Entra identities). False: private endpoints and trusted Azure services only.')
param publicAccess bool

@description('Blob containers.')
param containers string[]

@description('Queues. The host makes each one\'s poison queue when it first needs it.')
param queues string[]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: replication }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    // Event Grid delivers as a trusted service with its own identity when the account is closed.
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: versioning
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [for container in containers: {
  parent: blobs
  name: container
  properties: { publicAccess: 'None' }
}]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource storageQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [for queue in queues: {
  parent: queueService
  name: queue
}]

// Whoever depends on the account's name gets the containers and queues with it.
output name string = account.name
output id string = account.id
