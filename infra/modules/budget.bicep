@description('Name of the budget.')
param name string

@minValue(1)
@description('Amount per month, in the currency of the subscription.')
param amount int

@description('First day of a month, yyyy-MM-01; cannot be changed once the budget exists.')
param startDate string

@description('Who is told beside the owners of the resource group; empty: nobody else.')
param email string

// Of the resource group that this module is deployed to.
resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      actualOver80Percent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: empty(email) ? [] : [email]
        contactRoles: ['Owner']
      }
      forecastOver100Percent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: empty(email) ? [] : [email]
        contactRoles: ['Owner']
      }
    }
  }
}
