// Alert rules. Each names the runbook that says what to do (docs/runbooks/).

@description('Region.')
param location string

@description('Tags of the environment.')
param tags object

@description('Name of the action group.')
param actionGroupName string

@description('Address that alerts are sent to.')
param email string

@description('Log Analytics workspace.')
param workspaceId string

@description('System topic of the data account.')
param systemTopicId string

@description('Topic of the platform\'s events.')
param platformTopicId string

// Evaluated over a window; any row is a violation. The texts are those of functions/Hosting/Log.cs and of the Functions host.
var logAlerts = [
  {
    name: 'pipeline-failed'
    severity: 1
    window: 'PT15M'
    description: 'A pipeline run ended in failure. Runbook: docs/runbooks/pipeline-failed.md'
    query: 'AppTraces | where Message contains "pipeline failed:"'
  }
  {
    name: 'drift'
    severity: 2
    window: 'PT1H'
    description: 'A drift monitor raised an alarm at its stated false-alarm rate. Runbook: docs/runbooks/drift.md'
    query: 'AppTraces | where Message contains "retraining request drift-"'
  }
  {
    name: 'poison-queue'
    severity: 1
    window: 'PT15M'
    description: 'A message failed five times and was set aside. Runbook: docs/runbooks/poison-queue.md'
    query: 'AppTraces | where Message has "-poison" and Message has "MaxDequeueCount"'
  }
  {
    name: 'error-rate'
    severity: 1
    window: 'PT15M'
    description: 'More than 5 % of at least 20 HTTP requests failed on our side. Runbook: docs/runbooks/error-rate.md'
    query: 'AppRequests | where isnotempty(ResultCode) | summarize Requests = sum(ItemCount), Failed = sumif(ItemCount, toint(ResultCode) >= 500) | where Requests >= 20 and Failed > 0.05 * Requests'
  }
  {
    name: 'latency'
    severity: 2
    window: 'PT15M'
    description: 'The 95th percentile of prediction latency exceeded two seconds over at least 20 requests. Runbook: docs/runbooks/latency.md'
    query: 'AppRequests | where Name contains "predict" or Name contains "infer" | summarize Requests = sum(ItemCount), P95 = percentile(DurationMs, 95) | where Requests >= 20 and P95 > 2000'
  }
]

var topics = [
  { name: 'dead-letters-arrivals', id: systemTopicId }
  { name: 'dead-letters-platform', id: platformTopicId }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'mlops'
    enabled: true
    emailReceivers: [
      { name: 'operators', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource logRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in logAlerts: {
  name: 'alert-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: alert.name
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: alert.window
    autoMitigate: true
    // The tables of a new workspace are empty and some do not exist yet.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroup.id] }
  }
}]

resource deadLetterRules 'Microsoft.Insights/metricAlerts@2018-03-01' = [for topic in topics: {
  name: 'alert-${topic.name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Events could not be delivered for a day and were written to the container deadletters. Runbook: docs/runbooks/dead-letters.md'
    severity: 1
    enabled: true
    scopes: [topic.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-lettered'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'DeadLetteredCount'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      { actionGroupId: actionGroup.id }
    ]
  }
}]
