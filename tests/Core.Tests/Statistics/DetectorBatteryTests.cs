using Mlops.Core.Statistics.Streams;

namespace Mlops.Core.Tests.Statistics;

/// <summary>What every stream detector must do, whatever its rule.</summary>
public class DetectorBatteryTests
{
    private static readonly Dictionary<string, Func<StreamDetector>> Detectors = new()
    {
        ["DDM"] = () => new Ddm(), ["EDDM"] = () => new Eddm(), ["HDDM-A"] = () => new HddmA(), ["HDDM-W"] = () => new HddmW(), ["ADWIN"] = () => new Adwin(), ["Page–Hinkley"] = () => new PageHinkley(),
        ["CUSUM"] = () => new Cusum(), ["KSWIN"] = () => new Kswin(), ["DDM published"] = Ddm.Published, ["EDDM published"] = Eddm.Published, ["HDDM-A published"] = HddmA.Published,
        ["HDDM-W published"] = HddmW.Published, ["CUSUM published"] = Cusum.Published, ["KSWIN published"] = () => Kswin.Published(),
        ["Page–Hinkley both"] = () => new PageHinkley(direction: ChangeDirection.Both),
    };

    public static TheoryData<string> Names => [.. Detectors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Update_SavedAndRestoredAnywhere_GoesOnAsIfNothingHadHappened(string name)
    {
        double[] stream = Stream();
        StreamSignal[] undisturbed = Run(Detectors[name](), stream);
        StreamDetector resumed = Detectors[name]();
        List<StreamSignal> signals = [];
        for (int i = 0; i < stream.Length; i++)
        {
            if (i % 701 == 0)
            {
                string state = resumed.Save();
                resumed = Detectors[name]();
                resumed.Restore(state);
                Assert.Equal(state, resumed.Save());

                // Fits a table property of 32,768 characters several times; KSWIN keeps its window of a thousand values.
                Assert.InRange(state.Length, 1, name.StartsWith("KSWIN", StringComparison.Ordinal) ? 11_000 : 2_000);
            }

            signals.Add(resumed.Update(stream[i]));
        }

        Assert.Equal(undisturbed, signals);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Update_SameStream_GivesTheSameSignals_AndIgnoresWhatIsNoNumber(string name)
    {
        double[] stream = Stream();
        double[] withGaps = [.. stream.SelectMany((v, i) => i % 10 == 0 ? new[] { double.NaN, double.PositiveInfinity, v } : [v])];
        StreamSignal[] signals = Run(Detectors[name](), stream);
        Assert.Equal(signals, Run(Detectors[name](), stream));
        Assert.Equal(signals, Run(Detectors[name](), withGaps).Where((_, i) => double.IsFinite(withGaps[i])));
    }

    [Theory]
    [InlineData("DDM")]
    [InlineData("EDDM")]
    [InlineData("HDDM-A")]
    [InlineData("HDDM-W")]
    [InlineData("ADWIN")]
    [InlineData("CUSUM")]
    [InlineData("KSWIN")]
    public void Update_OneErrorInAThousand_IsNoDrift(string name)
    {
        // The first error after none at all, and the second soon after, are what such a stream looks like.
        double[] stream = [.. Enumerable.Range(0, 10_000).Select(i => i % 2000 is 1500 or 1520 ? 1.0 : 0)];
        Assert.DoesNotContain(StreamSignal.Drift, Run(Detectors[name](), stream));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Update_ErrorsThatGetManyTimesMore_IsDrift(string name) =>
        Assert.Contains(StreamSignal.Drift, Run(Detectors[name](), Stream()).Skip(4000));

    [Theory]
    [MemberData(nameof(Names))]
    public void Restore_ForeignOrDamagedState_SaysSo(string name)
    {
        StreamDetector detector = Detectors[name]();
        detector.Update(1);
        string state = detector.Save();
        Assert.Throws<FormatException>(() => detector.Restore("Other:" + state));
        Assert.Throws<FormatException>(() => detector.Restore(state[..(state.IndexOf(':', StringComparison.Ordinal) + 1)]));
        Assert.Throws<FormatException>(() => detector.Restore(state + "!"));
    }

    private static StreamSignal[] Run(StreamDetector detector, double[] stream) => [.. stream.Select(detector.Update)];

    private static double[] Stream()
    {
        Random random = new(4);
        return [.. Enumerable.Range(0, 8000).Select(i => random.NextDouble() < (i < 4000 ? 0.1 : 0.6) ? 1.0 : 0.0)];
    }
}
