// Durable Task Scheduler on the Consumption SKU: billed per action, nothing while idle.

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@description('Name of the scheduler.')
param name string

@description('Name of the task hub.')
param taskHubName string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Principal of the app\'s identity.')
param identityPrincipalId string

var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402' // Durable Task Data Contributor

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    // An empty list would deny everybody; who may enter is decided by the role below.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: taskHubName
  properties: {}
}

resource appOnScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler.id, identityPrincipalId, durableTaskDataContributor)
  scope: scheduler
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Runs the orchestrations of its task hub.'
  }
}

// An address and a name, no secret.
output connection string = 'Endpoint=${scheduler.properties.endpoint};TaskHub=${taskHub.name};Authentication=ManagedIdentity;ClientID=${identityClientId}'
