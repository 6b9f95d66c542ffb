// Events reach the app through storage queues: no webhook to validate, hence no step after deployment, no key,
// and an event waits in the queue while the app is scaled to zero or being deployed.

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@description('Name of the system topic on the data account.')
param systemTopicName string

@description('Name of the topic for the platform\'s own events.')
param platformTopicName string

@description('Name of the data account.')
param dataAccountName string

var queueMessageLifeInSeconds = 604800

// What the two topics need, and why.
var topicRoles = [
  {
    id: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a' // Storage Queue Data Message Sender
    reason: 'Puts events into the queues blob-events and platform-events.'
  }
  {
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
    reason: 'Writes events that could not be delivered into the container deadletters.'
  }
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName
}

// System-assigned: behind a storage firewall Event Grid is trusted only with an identity of its own.
resource systemTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: systemTopicName
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource systemTopicRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in topicRoles: {
  name: guid(account.id, systemTopic.id, role.id)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: systemTopic.identity.principalId
    principalType: 'ServicePrincipal'
    description: role.reason
  }
}]

resource blobCreated 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: systemTopic
  name: 'blob-events'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/drop/blobs/data/'
      // Completed writes only: a file that is being written in blocks raises nothing until its list is put.
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.api'
          values: ['PutBlob', 'PutBlockList', 'CopyBlob', 'FlushWithClose', 'SftpCommit']
        }
      ]
    }
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: account.id
          queueName: 'blob-events'
          queueMessageTimeToLiveInSeconds: queueMessageLifeInSeconds
        }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: account.id
          blobContainerName: 'deadletters'
        }
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
  dependsOn: [systemTopicRoles]
}

resource platformTopic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: platformTopicName
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    inputSchema: 'EventGridSchema'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource platformTopicRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in topicRoles: {
  name: guid(account.id, platformTopic.id, role.id)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: platformTopic.identity.principalId
    principalType: 'ServicePrincipal'
    description: role.reason
  }
}]

resource platformEvents 'Microsoft.EventGrid/topics/eventSubscriptions@2025-02-15' = {
  parent: platformTopic
  name: 'platform-events'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: account.id
          queueName: 'platform-events'
          queueMessageTimeToLiveInSeconds: queueMessageLifeInSeconds
        }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: account.id
          blobContainerName: 'deadletters'
        }
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
  dependsOn: [platformTopicRoles]
}

output systemTopicId string = systemTopic.id
output platformTopicId string = platformTopic.id
output platformTopicName string = platformTopic.name
output platformTopicEndpoint string = platformTopic.properties.endpoint
