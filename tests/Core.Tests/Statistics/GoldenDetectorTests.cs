using System.Text.Json;
using Mlops.Core.Statistics.Streams;

namespace Mlops.Core.Tests.Statistics;

/// <summary>With published settings the detectors report at the points where river's and scikit-multiflow's do.</summary>
public class GoldenDetectorTests
{
    private static readonly JsonElement Root = Golden.Read("drift-detectors.json");

    public static TheoryData<string, string> Streams
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (JsonElement stream in Root.GetProperty("bits").EnumerateArray().Concat(Root.GetProperty("reals").EnumerateArray()).Append(Root.GetProperty("electricity_error_stream")))
            {
                string kind = stream.TryGetProperty("ones", out _) ? "bits/" : stream.TryGetProperty("sum", out _) ? "reals/" : "";
                foreach (JsonProperty property in stream.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object && Create(p.Name) is not null))
                {
                    data.Add(kind + (kind.Length == 0 ? "electricity" : stream.GetProperty("name").GetString()), property.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Update_PublishedSettings_ReportsWhereTheLibrariesDo(string stream, string detector)
    {
        (double[] values, JsonElement expected) = Load(stream);
        StreamDetector tested = Create(detector)!;
        List<int> drifts = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (tested.Update(values[i]) == StreamSignal.Drift)
            {
                drifts.Add(i);
            }
        }

        Assert.Equal(expected.GetProperty(detector).GetProperty("drift").EnumerateArray().Select(e => e.GetInt32()), drifts);
    }

    private static StreamDetector? Create(string name) => name switch
    {
        "river_ADWIN_d002" => new Adwin(),
        "river_ADWIN_d1e6" => new Adwin(1e-6),
        "river_DDM" => Ddm.Published(),
        "skm_DDM" => Ddm.Published(),
        "river_PH_default" or "skm_PH" => new PageHinkley(),
        "river_PH_thr10" => new PageHinkley(threshold: 10),
        "river_PH_thr10_d05" => new PageHinkley(threshold: 10, delta: 0.05),
        "skm_EDDM" => Eddm.Published(),
        "skm_HDDM_A" => HddmA.Published(),
        "skm_HDDM_W" => HddmW.Published(),
        _ => null,
    };

    private static (double[] Values, JsonElement Expected) Load(string stream)
    {
        if (stream == "electricity")
        {
            return ([.. File.ReadAllText(Golden.Path("electricity-errors.txt")).Where(char.IsAsciiDigit).Select(c => c - '0' + 0.0)], Root.GetProperty("electricity_error_stream"));
        }

        string[] parts = stream.Split('/');
        JsonElement found = Root.GetProperty(parts[0]).EnumerateArray().Single(s => s.GetProperty("name").GetString() == parts[1]);
        Lcg g = new(found.GetProperty("seed").GetUInt32());
        List<double> values = [];
        foreach (double[] part in found.GetProperty("parts").EnumerateArray().Select(Golden.Numbers))
        {
            for (int i = 0; i < part[0]; i++)
            {
                values.Add(parts[0] == "bits" ? g.Next() < part[1] ? 1 : 0 : part[1] + part[2] * (g.Twelve() - 6));
            }
        }

        double check = found.TryGetProperty("ones", out JsonElement ones) ? ones.GetDouble() : found.GetProperty("sum").GetDouble();
        Assert.Equal(check, values.Sum(), 1e-6);
        return ([.. values], found);
    }
}
