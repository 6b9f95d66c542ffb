using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Tests.Data;

public class KindTests
{
    [Theory]
    [InlineData("1|2|3", ColumnKind.Integer)]
    [InlineData("-1|+2|0", ColumnKind.Integer)]
    [InlineData("9007199254740992|1", ColumnKind.Integer)]
    [InlineData("1|2.5", ColumnKind.Number)]
    [InlineData("1e3|-.5", ColumnKind.Number)]
    [InlineData("1|NA|N/A|NaN|nan|null|NULL| ", ColumnKind.Integer)]
    [InlineData("00123|00124", ColumnKind.Text)]
    [InlineData("02134|12345|54321", ColumnKind.Text)]
    [InlineData("9007199254740993|1", ColumnKind.Text)]
    [InlineData("12345678901234567890", ColumnKind.Text)]
    [InlineData("0.5|0", ColumnKind.Number)]
    [InlineData("1,5|2,5", ColumnKind.Text)]
    [InlineData("0x10|0x11", ColumnKind.Text)]
    [InlineData("1e|2e", ColumnKind.Text)]
    [InlineData("true|false", ColumnKind.Text)]
    [InlineData("2026-03-31|2026-04-01", ColumnKind.Timestamp)]
    [InlineData("2026/03/31|2026/04/01 12:30", ColumnKind.Timestamp)]
    [InlineData("2026-02-30|2026-02-31", ColumnKind.Text)]
    [InlineData("31.03.2026|01.04.2026", ColumnKind.Text)]
    [InlineData("NA|", ColumnKind.Number)]
    public async Task Infer_FromValues_ChoosesTheKind(string values, ColumnKind expected)
    {
        DataTable table = (await Batches.Csv("v;w\n" + string.Join("\n", values.Split('|').Select(v => v + ";1")))).Table!;
        Assert.Equal(expected, table["v"].Kind);
    }

    [Fact]
    public async Task Infer_FewBadCellsAmongNumbers_AreProblemsAndNotText()
    {
        string text = "v\n" + string.Join("\n", Enumerable.Range(1, 40).Select(i => i == 17 ? "abc" : $"{i}"));
        BatchRead read = await Batches.Csv(text);

        Assert.Equal(ColumnKind.Integer, read.Table!["v"].Kind);
        Assert.True(read.Table["v"].IsMissing(16));
        DataProblem problem = Assert.Single(read.Problems);
        Assert.Equal((17, 18L, "v", "'abc'", "a number"), (problem.Row!.Value, problem.Line!.Value, problem.Column, problem.Found, problem.Expected));
        Assert.Equal(1, read.BadCells["v"]);
    }

    [Fact]
    public async Task Infer_AfterTheFirstRows_WidensIntegersAndReportsText()
    {
        BatchRead read = await Batches.Csv("v,w,x\n1,1,\n2,2,\n3.5,abc,\n4,4,2026-01-01\n", limits: new BatchLimits { InferenceRows = 2 });

        Assert.Equal(ColumnKind.Number, read.Table!["v"].Kind);
        Assert.Equal(["1", "2", "3.5", "4"], read.Table["v"].Texts());
        Assert.Equal(["1", "2", null, "4"], read.Table["w"].Texts());
        Assert.Equal(ColumnKind.Timestamp, read.Table["x"].Kind);
        Assert.Equal([null, null, null, "2026-01-01T00:00:00Z"], read.Table["x"].Texts());
        Assert.Equal("w", Assert.Single(read.Problems).Column);
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    public async Task Read_InfiniteNumber_IsAProblemAndMissing(string value)
    {
        BatchRead read = await Batches.Csv($"v,w\n1,2\n{value},3\n");

        Assert.Equal(["1", null], read.Table!["v"].Texts());
        Assert.Equal(2, Assert.Single(read.Problems).Row);
        Assert.Contains("finite", read.Problems[0].Expected);
    }

    [Fact]
    public async Task Read_GivenKinds_ConvertsOrReports()
    {
        Dictionary<string, ColumnKind> kinds = new() { ["n"] = ColumnKind.Number, ["i"] = ColumnKind.Integer, ["t"] = ColumnKind.Timestamp, ["s"] = ColumnKind.Text };
        BatchRead read = await Batches.Csv("n,i,t,s\n007,3.0,2026-01-01,12\nabc,x,12,NA\n,,,\n", kinds);

        Assert.Equal(["7", null, null], read.Table!["n"].Texts());
        Assert.Equal(ColumnKind.Integer, read.Table["i"].Kind);
        Assert.Equal(["3", null, null], read.Table["i"].Texts());
        Assert.Equal(["2026-01-01T00:00:00Z", null, null], read.Table["t"].Texts());
        Assert.Equal(["12", null, null], read.Table["s"].Texts());
        Assert.Equal([("n", 2), ("i", 2), ("t", 2)], read.Problems.Select(p => (p.Column!, p.Row!.Value)));
    }

    [Fact]
    public async Task Read_GivenIntegerAndAFraction_WidensToNumber()
    {
        DataTable table = await Batches.Table("i\n1\n2.5\n", new Dictionary<string, ColumnKind> { ["i"] = ColumnKind.Integer });
        Assert.Equal(ColumnKind.Number, table["i"].Kind);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("1.5")]
    [InlineData("3.14159265358979312")]
    [InlineData("0.1")]
    [InlineData("123456789012345678")]
    [InlineData("9007199254740993")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("5e-324")]
    [InlineData("1e-400")]
    [InlineData("1e22")]
    [InlineData("1e23")]
    [InlineData("8.5e-22")]
    [InlineData("00000000000000000000000000000001.25")]
    [InlineData("0.00000000000000000000000000000125")]
    [InlineData("18446744073709551616")]
    [InlineData("1234567890123456789012.5e-3")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData("+1E+2")]
    public void TryNumber_AnyDecimal_EqualsTheRuntimesParser(string text)
    {
        Assert.NotEqual(CellShape.Text, CellParser.TryNumber(Encoding.UTF8.GetBytes(text), out double value));
        Assert.Equal(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    [Fact]
    public void TryNumber_RandomDoubles_RoundTripBitForBit()
    {
        Random random = new(1);
        for (int i = 0; i < 200_000; i++)
        {
            double expected = (i % 4) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                1 => Math.Round(random.NextDouble() * 1000, random.Next(0, 6)),
                2 => random.NextDouble(),
                _ => random.Next() * Math.Pow(10, random.Next(-30, 30)),
            };
            if (!double.IsFinite(expected))
            {
                continue;
            }

            string text = expected.ToString((i & 8) == 0 ? "R" : "E16", System.Globalization.CultureInfo.InvariantCulture);
            CellParser.TryNumber(Encoding.UTF8.GetBytes(text), out double value);
            Assert.True(BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(expected), text);
        }
    }

    [Fact]
    public void TryNumber_RandomDecimals_EqualTheRuntimesParser()
    {
        Random random = new(2);
        for (int i = 0; i < 300_000; i++)
        {
            string digits = string.Concat(Enumerable.Range(0, random.Next(1, 22)).Select(_ => (char)('0' + random.Next(10))));
            int point = random.Next(digits.Length + 1);
            string exponent = random.Next(3) == 0 ? string.Empty : $"e{random.Next(-110, 110)}";
            string text = $"{(random.Next(4) == 0 ? "-" : string.Empty)}{digits[..point]}.{digits[point..]}{exponent}";
            CellParser.TryNumber(Encoding.UTF8.GetBytes(text), out double value);
            Assert.True(BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), text);
        }
    }

    [Fact]
    public void TryNumber_HalfWayBetweenTwoDoublesAndBeside_EqualsTheRuntimesParser()
    {
        Random random = new(3);
        for (int i = 0; i < 100_000; i++)
        {
            // An odd number of 54 bits lies half-way between two doubles, also times a power of two or divided by one.
            System.Numerics.BigInteger half = random.NextInt64(1L << 53, 1L << 54) | 1;
            int power = random.Next(-9, 10);
            half = power < 0 ? half * System.Numerics.BigInteger.Pow(5, -power) : half << power;
            string text = $"{half + random.Next(-1, 2)}e{Math.Min(power, 0)}";
            CellParser.TryNumber(Encoding.UTF8.GetBytes(text), out double value);
            Assert.True(BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), text);
        }
    }

    [Fact]
    public void Append_AnyBytes_ReadsTheDigitsBeforeTheFirstOther()
    {
        Random random = new(4);
        for (int i = 0; i < 300_000; i++)
        {
            byte[] text = new byte[random.Next(0, 20)];
            for (int at = 0; at < text.Length; at++)
            {
                text[at] = random.Next(8) == 0 ? (byte)random.Next(256) : (byte)('0' + random.Next(10));
            }

            int from = random.Next(text.Length + 1);
            int end = from;
            ulong expected = 7;
            while (end < text.Length && char.IsAsciiDigit((char)text[end]))
            {
                expected = (expected * 10) + text[end++] - '0';
            }

            ulong number = 7;
            Assert.Equal(end, DecimalDigits.Append(text, from, ref number));
            Assert.Equal(expected, number);
        }
    }

    [Fact]
    public void TryRead_AnyBytes_ReadsShortDecimalsOnly()
    {
        Random random = new(5);
        int read = 0;
        for (int i = 0; i < 300_000; i++)
        {
            byte[] text = new byte[random.Next(0, 19)];
            for (int at = 0; at < text.Length; at++)
            {
                text[at] = random.Next(40) == 0 ? (byte)random.Next(256) : random.Next(10) == 0 ? (byte)'.' : (byte)('0' + random.Next(10));
            }

            string written = Encoding.Latin1.GetString(text);
            bool expected = text.Length is >= 4 and <= 16 && written.All(c => char.IsAsciiDigit(c) || c == '.') && written.Count(c => c == '.') <= 1;
            Assert.True(expected == DecimalDigits.TryRead(text, out ulong number, out int decimals), written);
            if (expected)
            {
                Assert.Equal(ulong.Parse(written.Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture), number);
                Assert.Equal(written.Contains('.') ? written.Length - 1 - written.IndexOf('.') : -1, decimals);
                read++;
            }
        }

        Assert.InRange(read, 10_000, 300_000);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1 2")]
    [InlineData("1_000")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("١٢")]
    [InlineData("infinit")]
    public void TryNumber_NotANumber_IsText(string text) => Assert.Equal(CellShape.Text, CellParser.TryNumber(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1969-12-31T23:59:59Z", -1)]
    [InlineData("2000-02-29 12:00", 951825600)]
    [InlineData("2026-03-31T23:59:59.999Z", 1775001599)]
    [InlineData("2026-03-31T23:59:59+02:00", 1774994399)]
    [InlineData("2026-03-31T23:59:59-0530", 1775021399)]
    [InlineData("0001-01-01", -62135596800)]
    [InlineData("9999-12-31T23:59:59Z", 253402300799)]
    public void TryTimestamp_IsoText_IsSecondsSince1970(string text, double expected)
    {
        Assert.True(CellParser.TryTimestamp(Encoding.UTF8.GetBytes(text), out double seconds));
        Assert.Equal(expected, seconds);
    }

    [Theory]
    [InlineData("2026-13-01")]
    [InlineData("2026-00-01")]
    [InlineData("2026-02-29")]
    [InlineData("2026-1-1")]
    [InlineData("2026-01/01")]
    [InlineData("2026-01-01T")]
    [InlineData("2026-01-01T24:00")]
    [InlineData("2026-01-01T12")]
    [InlineData("2026-01-01T12:00:60")]
    [InlineData("2026-01-01T12:00:00.")]
    [InlineData("2026-01-01T12:00+15:00")]
    [InlineData("2026-01-01T12:00 CET")]
    [InlineData("0000-01-01")]
    [InlineData("0001-01-01T00:00+01:00")]
    [InlineData("20260101")]
    public void TryTimestamp_AnythingElse_IsRefused(string text) => Assert.False(CellParser.TryTimestamp(Encoding.UTF8.GetBytes(text), out _));
}
