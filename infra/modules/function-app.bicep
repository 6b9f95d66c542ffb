// The one function app, on Flex Consumption: scales to zero, billed per execution.

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@description('Name of the function app.')
param name string

@description('Name of the plan; Flex Consumption takes one app per plan.')
param planName string

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Account of the Functions host and of Durable Functions.')
param appAccountName string

@description('Account of the platform\'s data.')
param dataAccountName string

@description('Container of the app account that the deployed package lies in.')
param packageContainer string

@description('Address that the platform\'s events are published to.')
param platformTopicEndpoint string

@description('Application Insights component.')
param applicationInsightsName string

@description('Connection to the Durable Task Scheduler; empty: orchestrations are kept in the app account.')
param schedulerConnection string

@description('When the drift check runs (NCRONTAB with seconds, UTC).')
param driftSchedule string

@description('Requests per second of one caller on one instance.')
param requestsPerSecond int

@description('Client id of the Entra app registration whose app roles are the platform\'s roles; empty: tokens of the platform only.')
param entraClientId string

@secure()
@description('Key that notifications are signed with; empty: none are sent.')
param webhookSecret string

@description('Subnet that outbound traffic enters; empty: no virtual network.')
param integrationSubnetId string

@description('Whether the HTTP interface is reachable from the internet.')
param publicAccess bool

@description('Most instances.')
param maximumInstanceCount int

@allowed([512, 2048, 4096])
@description('Memory of an instance in MB.')
param instanceMemoryMB int

@minValue(0)
@description('Instances kept warm for HTTP.')
param alwaysReadyInstances int

resource appAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: appAccountName
}

resource dataAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(integrationSubnetId) ? null : integrationSubnetId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${appAccount.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        alwaysReady: alwaysReadyInstances > 0 ? [
          { name: 'http', instanceCount: alwaysReadyInstances }
        ] : []
      }
    }
  }

  // Deployment goes by Entra identity; user name and password are off.
  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

// These replace all settings of the app: what is not here does not exist.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union({
    // The host's own storage, and Durable's.
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    AzureWebJobsStorage__blobServiceUri: appAccount.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: appAccount.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: appAccount.properties.primaryEndpoints.table

    // The platform's storage.
    MlopsStorage__credential: 'managedidentity'
    MlopsStorage__clientId: identityClientId
    MlopsStorage__blobServiceUri: dataAccount.properties.primaryEndpoints.blob
    MlopsStorage__queueServiceUri: dataAccount.properties.primaryEndpoints.queue
    MlopsStorage__tableServiceUri: dataAccount.properties.primaryEndpoints.table

    // The platform's events and timers.
    MlopsEvents__topicEndpointUri: platformTopicEndpoint
    MlopsDriftSchedule: driftSchedule
    MlopsInstanceMemoryMB: '${instanceMemoryMB}'
    MlopsWebhookSecret: webhookSecret

    // Who may come in, and how often.
    MlopsAuthentication: 'on'
    MlopsRequestsPerSecond: '${requestsPerSecond}'
    MlopsAnonymousRequestsPerSecond: '20'

    // Whom DefaultAzureCredential is in code, and where telemetry goes.
    AZURE_CLIENT_ID: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  }, empty(schedulerConnection) ? {} : {
    DURABLE_TASK_SCHEDULER_CONNECTION_STRING: schedulerConnection
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
  })
}

// Entra principals (option). Requests without one pass on to the app, which asks for a token of its own. Written in either case: what was on
// is off when the option is taken back.
resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: empty(entraClientId) ? { platform: { enabled: false } } : {
    platform: { enabled: true }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: entraClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [entraClientId, 'api://${entraClientId}']
        }
      }
    }
    httpSettings: { requireHttps: true }
    login: {
      tokenStore: { enabled: false }
    }
  }
}

output id string = app.id
output name string = app.name
output uri string = 'https://${app.properties.defaultHostName}'
