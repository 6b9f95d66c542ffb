using Mlops.Core.Learning;

namespace Mlops.Core.Tests.Learning;

public class ParallelBlocksTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(3, 64)]
    [InlineData(1_000, 1)]
    [InlineData(1_000, 4)]
    public void Do_EveryBlock_Once(int count, int threads)
    {
        int[] times = new int[count];
        for (int round = 0; round < 100; round++)
        {
            ParallelBlocks.Do(count, threads, block => Interlocked.Increment(ref times[block]));
        }

        Assert.All(times, t => Assert.Equal(100, t));
    }

    [Fact]
    public void Do_InsideOtherBlocks_Ends()
    {
        int done = 0;
        ParallelBlocks.Do(50, 8, _ => ParallelBlocks.Do(50, 8, _ => Interlocked.Increment(ref done)));
        Assert.Equal(2_500, done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Do_AnError_IsThrown_WhenTheOtherBlocksAreDone(int threads)
    {
        int done = 0;
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => ParallelBlocks.Do(100, threads, block =>
        {
            Interlocked.Increment(ref done);
            if (block == 7)
            {
                throw new InvalidOperationException("seven");
            }
        }));
        Assert.Equal("seven", error.Message);
        Assert.Equal(100, done);
    }
}
