using Mlops.Core.Data;
using Mlops.Storage.Datasets;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Datasets;

public class SplitRuleTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task SetSplitOnceAsync_KeepsTheFirstRule_WhateverLaterPlansSay()
    {
        DatasetStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        await store.SetSplitOnceAsync(model, new SplitRule(["a", "y"], 0.2, 42, ["id"]), CancellationToken.None);
        SplitRule rule = await store.SetSplitOnceAsync(model, new SplitRule(["b"], 0.5, 7, []), CancellationToken.None);
        Assert.Equal((0.2, 42UL), (rule.Holdout, rule.Seed));
        Assert.Equal(["a", "y"], rule.Columns);
        Assert.Equal(["id"], rule.Ignored);
    }
}
