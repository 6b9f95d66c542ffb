// The whole platform in one resource group. With every option at its default nothing here bills by the hour:
// what remains when the platform is idle is the storage it occupies (docs/deployment.md, "What it costs").
targetScope = 'subscription'

// ---- From azd ----------------------------------------------------------------------------------------------------

@minLength(1)
@maxLength(64)
@description('Name of the azd environment; part of every resource name.')
param environmentName string

@minLength(1)
@description('Region of every resource. It must offer the Flex Consumption plan.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Object id of whoever deploys. Receives the data roles that the smoke test and the rollback need; empty: nobody does.')
param principalId string = ''

@allowed(['User', 'Group', 'ServicePrincipal'])
@description('Kind of the deploying principal: User at a desk, ServicePrincipal in a pipeline.')
param principalType string = 'User'

// ---- Environment -------------------------------------------------------------------------------------------------

@allowed(['dev', 'prod'])
@description('dev: one data centre, short soft delete. prod: zone-redundant storage, 30 days of soft delete.')
param environmentType string = 'dev'

@minValue(184)
@maxValue(730)
@description('Days that prediction logs and telemetry are kept. Six months is the least that record-keeping rules for high-risk AI systems ask for.')
param logRetentionDays int = 184

@description('Most gigabytes of telemetry taken in per day; what exceeds it is dropped, so that a loop in a log line cannot become a bill.')
param dailyLogQuotaGb string = '1'

@minValue(40)
@maxValue(1000)
@description('Most instances the app scales out to.')
param maximumInstanceCount int = 100

@allowed([512, 2048, 4096])
@description('Memory of one instance in MB. Training holds a dataset in memory; 512 suits serving only.')
param instanceMemoryMB int = 2048

@description('When the drift check runs (NCRONTAB with seconds, UTC). Empty: every hour.')
param driftSchedule string = ''

@minValue(1)
@maxValue(100000)
@description('Requests per second of one caller on one instance, twice as many at once; more are answered with 429.')
param requestsPerSecond int = 200

@description('Client id of an Entra app registration with app roles named as the platform\'s roles: its principals need no token. Empty: tokens only.')
param entraClientId string = ''

@secure()
@description('Key that notifications are signed with: whsec_ and 24 to 64 random bytes in base64. Empty: none are sent.')
param webhookSecret string = ''

// ---- Options (each costs something while idle, therefore each is off) --------------------------------------------

@description('Where alerts go. Empty: no alert rules (each rule has a fixed monthly price).')
param alertEmail string = ''

@minValue(0)
@description('Monthly budget of the resource group, in the currency of the subscription. 0: no budget.')
param budgetAmount int = 0

@description('First day of the month in which the budget starts (yyyy-MM-01). It cannot be changed later.')
param budgetStartDate string = ''

@minValue(0)
@maxValue(20)
@description('Instances kept warm for HTTP, against cold starts. Billed by the hour.')
param alwaysReadyInstances int = 0

@description('Keep orchestrations in the Durable Task Scheduler instead of the storage account.')
param useDurableTaskScheduler bool = false

@description('Storage reachable only through private endpoints; the app joins a virtual network. Endpoints are billed by the hour.')
param privateNetworking bool = false

@description('With private networking: whether the HTTP interface stays reachable from outside the network.')
param publicApi bool = true

@minValue(0)
@maxValue(146000)
@description('Days that the ledger anchors cannot be changed or deleted by anybody. 0: no policy. The environment cannot be deleted while a policy holds blobs.')
param ledgerImmutabilityDays int = 0

var abbrs = loadJsonContent('./abbreviations.json')
var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var isProd = environmentType == 'prod'
var replication = isProd ? 'Standard_ZRS' : 'Standard_LRS'
var softDeleteDays = isProd ? 30 : 7
var taskHubName = 'MlopsHub' // extensions.durableTask.hubName of host.json

resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbrs.resourcesResourceGroups}${environmentName}'
  location: location
  tags: tags
}

// Logs, traces and metrics.
module observability 'modules/observability.bicep' = {
  name: 'observability'
  scope: rg
  params: {
    location: location
    tags: tags
    workspaceName: '${abbrs.operationalInsightsWorkspaces}${resourceToken}'
    applicationInsightsName: '${abbrs.insightsComponents}${resourceToken}'
    retentionInDays: logRetentionDays
    dailyQuotaGb: dailyLogQuotaGb
  }
}

// Whom the app is: one identity, made before the app, so that its roles hold when the app first starts.
module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.managedIdentityUserAssignedIdentities}${resourceToken}'
  }
}

// What the Functions host and Durable Functions keep, the deployed package, and the packages that a rollback returns to.
module appStorage 'modules/storage-account.bicep' = {
  name: 'app-storage'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.storageStorageAccounts}app${resourceToken}'
    replication: replication
    softDeleteDays: softDeleteDays
    versioning: false
    publicAccess: !privateNetworking
    containers: ['app-package', 'releases']
    queues: []
  }
}

// What the platform keeps: data, models, runs, the ledger. The app makes its tables itself, so that local and Azure cannot differ.
module dataStorage 'modules/storage-account.bicep' = {
  name: 'data-storage'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.storageStorageAccounts}data${resourceToken}'
    replication: replication
    softDeleteDays: softDeleteDays
    versioning: true
    publicAccess: !privateNetworking
    containers: [
      'drop'
      'datasets'
      'models'
      'runs'
      'predictions'
      'reports'
      'quarantine'
      'deadletters'
      'ledger'
    ]
    queues: ['blob-events', 'platform-events', 'webhooks']
  }
}

// How long what is kept is kept.
module retention 'modules/retention.bicep' = {
  name: 'retention'
  scope: rg
  params: {
    dataAccountName: dataStorage.outputs.name
    logRetentionDays: logRetentionDays
    ledgerImmutabilityDays: ledgerImmutabilityDays
  }
}

// "A file has arrived" and the platform's own events, both into queues.
module events 'modules/events.bicep' = {
  name: 'events'
  scope: rg
  params: {
    location: location
    tags: tags
    systemTopicName: '${abbrs.eventGridSystemTopics}${resourceToken}'
    platformTopicName: '${abbrs.eventGridTopics}mlops-${resourceToken}'
    dataAccountName: dataStorage.outputs.name
  }
}

// Orchestration history outside the storage account (option).
module scheduler 'modules/scheduler.bicep' = if (useDurableTaskScheduler) {
  name: 'scheduler'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.durableTaskSchedulers}${resourceToken}'
    taskHubName: taskHubName
    identityClientId: identity.outputs.clientId
    identityPrincipalId: identity.outputs.principalId
  }
}

// Who may do what, each role with its reason.
module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: rg
  params: {
    appPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
    appAccountName: appStorage.outputs.name
    dataAccountName: dataStorage.outputs.name
    platformTopicName: events.outputs.platformTopicName
    applicationInsightsName: observability.outputs.applicationInsightsName
  }
}

// Virtual network and DNS for the private endpoints (option).
module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.networkVirtualNetworks}${resourceToken}'
    endpointPrefix: abbrs.networkPrivateEndpoints
    storageAccounts: [
      { name: appStorage.outputs.name, id: appStorage.outputs.id }
      { name: dataStorage.outputs.name, id: dataStorage.outputs.id }
    ]
  }
}

// The one app. Its roles come first: the platform reads the package with the app's identity.
module api 'modules/function-app.bicep' = {
  name: 'api'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.webSitesFunctions}${resourceToken}'
    planName: '${abbrs.webServerFarms}${resourceToken}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    appAccountName: appStorage.outputs.name
    dataAccountName: dataStorage.outputs.name
    packageContainer: 'app-package'
    platformTopicEndpoint: events.outputs.platformTopicEndpoint
    applicationInsightsName: observability.outputs.applicationInsightsName
    schedulerConnection: scheduler.?outputs.connection ?? ''
    driftSchedule: empty(driftSchedule) ? '0 0 * * * *' : driftSchedule
    requestsPerSecond: requestsPerSecond
    entraClientId: entraClientId
    webhookSecret: webhookSecret
    integrationSubnetId: network.?outputs.integrationSubnetId ?? ''
    publicAccess: publicApi || !privateNetworking
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    alwaysReadyInstances: alwaysReadyInstances
  }
  dependsOn: [roles]
}

// The app's own private endpoint (option): after the app, hence not in the network module.
module apiEndpoint 'modules/api-endpoint.bicep' = if (privateNetworking && !publicApi) {
  name: 'api-endpoint'
  scope: rg
  params: {
    location: location
    tags: tags
    name: '${abbrs.networkPrivateEndpoints}api-${resourceToken}'
    appId: api.outputs.id
    virtualNetworkId: network.?outputs.id ?? ''
    subnetId: network.?outputs.endpointSubnetId ?? ''
  }
}

// Alert rules and whom they tell (option).
module alerts 'modules/alerts.bicep' = if (!empty(alertEmail)) {
  name: 'alerts'
  scope: rg
  params: {
    location: location
    tags: tags
    actionGroupName: '${abbrs.insightsActionGroups}${resourceToken}'
    email: alertEmail
    workspaceId: observability.outputs.workspaceId
    systemTopicId: events.outputs.systemTopicId
    platformTopicId: events.outputs.platformTopicId
  }
}

// Budget of the resource group (option, free of charge).
module budget 'modules/budget.bicep' = if (budgetAmount > 0 && !empty(budgetStartDate)) {
  name: 'budget'
  scope: rg
  params: {
    name: 'budget-${environmentName}'
    amount: budgetAmount
    startDate: budgetStartDate
    email: alertEmail
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = rg.name
output AZURE_FUNCTION_NAME string = api.outputs.name
output SERVICE_API_NAME string = api.outputs.name
output SERVICE_API_ENDPOINTS array = [api.outputs.uri]
output MLOPS_BASE_URL string = api.outputs.uri
output MLOPS_DATA_ACCOUNT string = dataStorage.outputs.name
output MLOPS_APP_ACCOUNT string = appStorage.outputs.name
output MLOPS_APPLICATION_INSIGHTS string = observability.outputs.applicationInsightsName
