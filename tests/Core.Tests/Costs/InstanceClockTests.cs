using FsCheck;
using FsCheck.Fluent;
using Mlops.Core.Costs;

namespace Mlops.Core.Tests.Costs;

public class InstanceClockTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.2, 1)]
    [InlineData(1, 1)]
    [InlineData(1.1, 1.1)]
    [InlineData(1.11, 1.2)]
    [InlineData(59.99, 60)]
    public void Billed_IsASecondAtLeast_ThenTenths(double seconds, double expected) => Assert.Equal(expected, InstanceClock.Billed(seconds), 9);

    [Fact]
    public void Leave_ExecutionsOneAfterTheOther_AreBilledASecondEach()
    {
        InstanceClock clock = new();
        Assert.Equal(1, clock.Leave(clock.Enter(At(0)), At(0.2)), 9);
        Assert.Equal(1, clock.Leave(clock.Enter(At(5)), At(5.2)), 9);
    }

    [Fact]
    public void Leave_TwoAtTheSameTime_ShareThePeriod()
    {
        InstanceClock clock = new();
        double first = clock.Enter(At(0));
        double second = clock.Enter(At(2));

        // Two seconds alone, two shared; then two more alone.
        Assert.Equal(3, clock.Leave(first, At(4)), 9);
        Assert.Equal(3, clock.Leave(second, At(6)), 9);
    }

    [Fact]
    public void Leave_WithoutEnter_IsRefused() => Assert.Throws<InvalidOperationException>(() => new InstanceClock().Leave(0, At(1)));

    [Fact]
    public void Shares_OfAnyPattern_AddUpToTheBilledPeriods()
    {
        Arbitrary<(int Start, int Length)[]> patterns = ArbMap.Default.ArbFor<(int Start, int Length)[]>();
        Prop.ForAll(patterns, pattern =>
        {
            (int Start, int End)[] executions = [.. pattern.Select(p => (Start: (int)((uint)p.Start % 500), Length: (int)((uint)p.Length % 60) + 1)).Select(p => (p.Start, p.Start + p.Length))];
            InstanceClock clock = new();
            double[] entered = new double[executions.Length];
            double shares = 0;

            // At the same instant, who comes goes before who leaves: a period without a gap is one.
            foreach ((int time, bool leaves, int index) in executions.SelectMany((e, i) => new[] { (Time: e.Start, Leaves: false, Index: i), (Time: e.End, Leaves: true, Index: i) }).OrderBy(e => e.Time).ThenBy(e => e.Leaves))
            {
                if (leaves)
                {
                    shares += clock.Leave(entered[index], At(time / 10.0));
                }
                else
                {
                    entered[index] = clock.Enter(At(time / 10.0));
                }
            }

            double billed = 0;
            foreach ((int start, int end) in Periods(executions))
            {
                billed += InstanceClock.Billed((end - start) / 10.0);
            }

            return Math.Abs(shares - billed) < 1e-6;
        }).MustHold();
    }

    private static List<(int Start, int End)> Periods(IEnumerable<(int Start, int End)> executions)
    {
        List<(int Start, int End)> periods = [];
        foreach ((int start, int end) in executions.Order())
        {
            if (periods.Count > 0 && start <= periods[^1].End)
            {
                periods[^1] = (periods[^1].Start, Math.Max(periods[^1].End, end));
            }
            else
            {
                periods.Add((start, end));
            }
        }

        return periods;
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
