using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>The checkpoints of one run's training, in storage: read when an attempt begins, written while it goes on.</summary>
internal sealed class TrainingJournal
{
    /// <summary>Time between two checkpoints: at most this much work is lost with a process, and writing costs little beside it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CheckpointStore _store;
    private readonly string _run;
    private readonly TimeProvider _time;
    private readonly IReadOnlyDictionary<string, BinaryData> _found;
    private readonly CancellationToken _cancellationToken;
    private long _written;

    private TrainingJournal(CheckpointStore store, string run, TimeProvider time, IReadOnlyDictionary<string, BinaryData> found, CancellationToken cancellationToken)
    {
        _store = store;
        _run = run;
        _time = time;
        _found = found;
        _cancellationToken = cancellationToken;
        _written = time.GetTimestamp();
        Checkpoints = new TrainingCheckpoints(Find, Keep);
    }

    /// <summary>What the training is given.</summary>
    public TrainingCheckpoints Checkpoints { get; }

    /// <summary>Whether the training went on from a checkpoint.</summary>
    public bool Resumed { get; private set; }

    /// <summary>The journal of a run with what an earlier attempt has left.</summary>
    public static async Task<TrainingJournal> OpenAsync(CheckpointStore store, string run, TimeProvider time, CancellationToken cancellationToken) =>
        new(store, run, time, await store.ReadAsync(run, cancellationToken), cancellationToken);

    /// <summary>Removes all checkpoints: what they led to is kept elsewhere.</summary>
    public Task ClearAsync() => _store.ClearAsync(_run, _cancellationToken);

    private BoostingCheckpoint? Find(string fingerprint)
    {
        if (!_found.TryGetValue(fingerprint, out BinaryData? content))
        {
            return null;
        }

        try
        {
            BoostingCheckpoint checkpoint = BoostingCheckpoint.Deserialize(content.ToMemory().Span);
            Resumed = true;
            return checkpoint;
        }
        catch (FormatException)
        {
            // Written by another version of the platform: the training starts over.
            return null;
        }
    }

    private void Keep(BoostingCheckpoint checkpoint)
    {
        if (_time.GetElapsedTime(_written) < Interval)
        {
            return;
        }

        // The training's own thread waits: it is no request's thread, and the next iteration may come only after its predecessor is safe.
        _store.WriteAsync(_run, checkpoint.Fingerprint, new BinaryData(checkpoint.Serialize()), _cancellationToken).GetAwaiter().GetResult();
        _written = _time.GetTimestamp();
    }
}
