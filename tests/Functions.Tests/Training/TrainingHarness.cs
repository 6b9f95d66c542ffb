using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Functions.Features;
using Mlops.Functions.Hosting;
using Mlops.Functions.Training;
using Mlops.Storage;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.Functions.Tests.Training;

/// <summary>The activities of training on a model with one dataset version, called by hand: the app's own services on Azurite.</summary>
internal sealed class TrainingHarness
{
    private readonly ServiceProvider _services;

    private TrainingHarness(ServiceProvider services, string model)
    {
        _services = services;
        Model = model;
    }

    /// <summary>The model.</summary>
    public string Model { get; }

    /// <summary>Opens a model with a <c>model.yaml</c> and rows: seeded ones, if no CSV is given.</summary>
    public static async Task<TrainingHarness> OpenAsync(AzuriteFixture azurite, string yaml, int rows = 240, TimeProvider? time = null, string? csv = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new(StorageConnection.Name, azurite.ConnectionString)]).Build();
        IServiceCollection services = new ServiceCollection().AddLogging().AddSingleton(configuration).AddStores(configuration).AddStages();
        ServiceProvider provider = services.AddSingleton(time ?? TimeProvider.System).BuildServiceProvider();
        TrainingHarness harness = new(provider, TestNames.Model());
        await provider.GetRequiredService<StorageBootstrap>().CreateAsync(CancellationToken.None);
        await provider.GetRequiredService<DropZone>().WriteAsync($"data/{harness.Model}/model.yaml", new MemoryStream(Encoding.UTF8.GetBytes(yaml)), 1 << 20, CancellationToken.None);

        byte[] content = Encoding.UTF8.GetBytes(csv ?? SeededData.Csv(7, rows, noise: 0.2));
        DatasetFile file = new($"{harness.Model}/files/rows", BatchFormat.Csv, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, rows);
        DatasetStore datasets = provider.GetRequiredService<DatasetStore>();
        await datasets.WriteFileAsync(file.Blob, new MemoryStream(content), CancellationToken.None);
        BatchRead read = await BatchReader.ReadAsync(new MemoryStream(content), BatchFormat.Csv, BatchLimits.Default, null, CancellationToken.None);
        await datasets.AddAsync(new DatasetManifest(harness.Model, [file]), TableProfile.Of(read.Table!), "rows.csv", CancellationToken.None);
        return harness;
    }

    /// <summary>A service, or a function class, of the app.</summary>
    public T Get<T>()
        where T : class => ActivatorUtilities.GetServiceOrCreateInstance<T>(_services);

    /// <summary>Plans a training.</summary>
    public Task<PlanOutcome> PlanAsync(string pipeline) => Get<PlanTraining>().Run(new ModelStep(pipeline, Model), CancellationToken.None);

    /// <summary>Plans a training and reads the plan.</summary>
    public async Task<TrainingPlan> ReadPlanAsync(string pipeline) => await Get<TrainingData>().ReadPlanAsync((await PlanAsync(pipeline)).Plan!, CancellationToken.None);
}
