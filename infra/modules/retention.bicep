// How long the data account keeps what. Data sets, models, runs and the ledger are never deleted by a rule:
// they are the record that a prediction is traced back to.

@description('Name of the data account.')
param dataAccountName string

@description('Days that prediction logs are kept.')
param logRetentionDays int

@description('Days that the ledger\'s anchors are immutable; 0: no policy.')
param ledgerImmutabilityDays int

// Ten years and the leap days in them.
var documentRetentionDays = 3653

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataAccountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource ledger 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  parent: blobs
  name: 'ledger'
}

// Unlocked: an owner may still shorten it. Locking is a decision for people, and cannot be undone (docs/deployment.md).
resource ledgerPolicy 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-06-01' = if (ledgerImmutabilityDays > 0) {
  parent: ledger
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: ledgerImmutabilityDays
    allowProtectedAppendWrites: false
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          // Prediction logs are append blobs, which cannot change tier, only end.
          name: 'logs'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              baseBlob: {
                delete: { daysAfterModificationGreaterThan: logRetentionDays }
              }
            }
            filters: {
              blobTypes: ['appendBlob', 'blockBlob']
              prefixMatch: ['predictions/']
            }
          }
        }
        {
          // What the app tags as a document (drift reports) is kept for ten years; what is not, for good.
          name: 'documents'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: 90 }
                delete: { daysAfterModificationGreaterThan: documentRetentionDays }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['reports/']
              blobIndexMatch: [
                { name: 'retention', op: '==', value: 'document' }
              ]
            }
          }
        }
        {
          // Refused files and undeliverable events: evidence for a season, then gone.
          name: 'refused'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              baseBlob: {
                delete: { daysAfterModificationGreaterThan: 90 }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['quarantine/', 'deadletters/']
            }
          }
        }
        {
          // Checkpoints are removed when their training ends; these are of trainings that were terminated.
          name: 'checkpoints'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              baseBlob: {
                delete: { daysAfterModificationGreaterThan: 30 }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['runs/_checkpoints/']
            }
          }
        }
        {
          // Data files are read once, on arrival: the dataset version keeps its own copy.
          name: 'arrived'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: 30 }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['drop/data/']
            }
          }
        }
        {
          name: 'previous-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              version: {
                delete: { daysAfterCreationGreaterThan: 30 }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
            }
          }
        }
      ]
    }
  }
}
