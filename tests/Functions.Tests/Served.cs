using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Registry;
using Mlops.Core.Serving;
using Mlops.Core.Statistics;
using Mlops.Storage;
using Mlops.Storage.Datasets;
using Mlops.Storage.Inference;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Tests;

/// <summary>A model that serves, on a clock that tests move: its one column is <c>x</c>.</summary>
internal sealed class Served(StorageConnection connection, string model, TaskKind kind, Served.Clock time)
{
    public StorageConnection Connection => connection;

    public string Model => model;

    public Clock Time => time;

    public RegistryStore Registry { get; } = new(connection, time);

    public PredictionLog Predictions { get; } = new(connection);

    /// <summary>Registers a version trained on <paramref name="training"/>, whose values are also its reference; the first one becomes champion, others wait.</summary>
    public static async Task<Served> StartAsync(string storage, string model, TaskKind kind, DateTimeOffset now, double[] training, string modelYaml)
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? storage : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        Served served = new(connection, model, kind, new Clock { Now = now });
        await new BlobContainerClient(storage, StorageNames.Drop).GetBlobClient($"data/{model}/model.yaml").UploadAsync(BinaryData.FromString(modelYaml), overwrite: true);
        await served.Registry.AddModelAsync(model, CancellationToken.None);
        await served.RegisterAsync(training);
        await served.Registry.CommitAsync(model, "test", record => RegistryRules.Promote(record, 1, "the first"), CancellationToken.None);
        return served;
    }

    /// <summary>Registers one more version.</summary>
    public async Task RegisterAsync(double[] training)
    {
        LearningTask task = new(kind, "y", kind == TaskKind.Regression ? [] : ["no", "yes"], ["x"]);
        Column target = kind == TaskKind.Regression ? new NumericColumn("y", [.. training.Select(x => 2 * x)]) : TextColumn.From("y", training.Select(x => x > 0 ? "yes" : "no"));
        FittedModel fitted = Trainer.Fit(new DataTable([new NumericColumn("x", training), target]), task, new CandidateSpec("linear", new Dictionary<string, double>()), 1);
        ModelSignature signature = new(kind, "y", task.Classes, [new InputColumn("x", ColumnKind.Number)]);
        byte[] onnx = fitted.ToOnnx(new Dictionary<string, string> { [ModelSignature.MetadataKey] = signature.ToJson() });
        string hash = Convert.ToHexStringLower(SHA256.HashData(onnx));
        await Registry.WriteModelAsync(model, hash, new BinaryData(onnx), CancellationToken.None);
        DatasetManifest manifest = new(model, [new DatasetFile($"{model}/files/{hash}", BatchFormat.Csv, hash, onnx.Length, training.Length)]);
        await new DatasetStore(connection, time).AddAsync(manifest, TableProfile.Of(new DataTable([new NumericColumn("x", training)])), "test", CancellationToken.None);
        await Registry.CommitAsync(
            model,
            "test",
            record => RegistryRules.Register(record, new ModelVersion
            {
                Number = 0, State = VersionState.Registered, Hash = hash, Pipeline = $"{model}-{record.Versions.Count + 1}", Run = "r", Datasets = [manifest.Id],
                Metrics = new Dictionary<string, double> { ["mae"] = 1 }, Verdict = "Promote", Created = time.Now,
            }),
            CancellationToken.None);
    }

    /// <summary>Logs predictions of a version a minute ago, one per value of x; returns their ids.</summary>
    public async Task<IReadOnlyList<PredictionId>> LogAsync(int version, IEnumerable<double> inputs, Func<double, (string? Label, float[] Scores)> answer)
    {
        DateTimeOffset at = time.Now.AddMinutes(-1);
        List<PredictionRecord> records = [.. inputs.Select(x =>
        {
            (string? label, float[] scores) = answer(x);
            return new PredictionRecord(PredictionId.New(model, version, at).ToString(), at, version, null, new() { ["x"] = x }, label, scores);
        })];
        await Predictions.AppendAsync(model, PredictionId.HourOf(at), [.. records.Select(record => (ReadOnlyMemory<byte>)System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Options))], CancellationToken.None);
        return [.. records.Select(record => PredictionId.TryParse(record.Id, out PredictionId? id) ? id : throw new InvalidOperationException(record.Id))];
    }

    /// <summary>The clock.</summary>
    internal sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
