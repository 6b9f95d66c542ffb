// Least privilege: every role with its reason, written into the assignment itself.

@description('Principal of the app\'s identity.')
param appPrincipalId string

@description('Principal of whoever deploys; empty: no roles.')
param deployerPrincipalId string

@allowed(['User', 'Group', 'ServicePrincipal'])
@description('Kind of the deploying principal.')
param deployerPrincipalType string

@description('Account of the Functions host.')
param appAccountName string

@description('Account of the platform\'s data.')
param dataAccountName string

@description('Topic of the platform\'s events.')
param platformTopicName string

@description('Application Insights component.')
param applicationInsightsName string

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
var eventGridDataSender = 'd5a91429-5739-47e2-a06b-3470a27159e7' // EventGrid Data Sender
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

var appAccountRoles = [
  { id: blobDataOwner, reason: 'Functions host: leases of timers, keys, and the deployed package.' }
  { id: queueDataContributor, reason: 'Durable Functions: control and work-item queues.' }
  { id: tableDataContributor, reason: 'Durable Functions: history and instances.' }
]

var dataAccountRoles = [
  { id: blobDataContributor, reason: 'Reads drops, writes data sets, models, runs, logs and reports.' }
  { id: queueDataContributor, reason: 'Receives the events, and sets aside what fails in poison queues.' }
  { id: tableDataContributor, reason: 'Makes the tables of the platform and keeps its records in them.' }
]

resource appAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: appAccountName
}

resource dataAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName
}

resource platformTopic 'Microsoft.EventGrid/topics@2025-02-15' existing = {
  name: platformTopicName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource appOnAppAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in appAccountRoles: {
  name: guid(appAccount.id, appPrincipalId, role.id)
  scope: appAccount
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: role.reason
  }
}]

resource appOnDataAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in dataAccountRoles: {
  name: guid(dataAccount.id, appPrincipalId, role.id)
  scope: dataAccount
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: role.reason
  }
}]

resource appOnTopic 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(platformTopic.id, appPrincipalId, eventGridDataSender)
  scope: platformTopic
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', eventGridDataSender)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Publishes the platform\'s events; the topic takes no keys.'
  }
}

resource appOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, appPrincipalId, monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Sends telemetry; the component takes no instrumentation key.'
  }
}

resource appBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: appAccount
  name: 'default'
}

resource releases 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: appBlobs
  name: 'releases'
}

resource dataBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: dataAccount
  name: 'default'
}

resource reports 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: dataBlobs
  name: 'reports'
}

// Index tags are what the ten years of documents go by; writing them is an action that no lesser built-in role has.
resource appOnReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(reports.id, appPrincipalId, blobDataOwner)
  scope: reports
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Tags reports as documents, by which they are kept for ten years; the Contributor may not set tags.'
  }
}

resource drop 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: dataBlobs
  name: 'drop'
}

resource deployerOnReleases 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(releases.id, deployerPrincipalId, blobDataContributor)
  scope: releases
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    description: 'Keeps the last good package, and takes it back for a rollback.'
  }
}

resource deployerOnDrop 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(drop.id, deployerPrincipalId, blobDataContributor)
  scope: drop
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    description: 'Drops data files: the smoke test after a deployment, and the first batch by hand.'
  }
}
