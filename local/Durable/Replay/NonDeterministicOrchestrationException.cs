namespace DurableTask.Core.Exceptions;

/// <summary>An orchestrator did not repeat on replay what its history holds.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : Exception(message);
