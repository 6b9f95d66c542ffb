using System.Diagnostics;

namespace Mlops.TestKit.Running;

/// <summary>Waits for something that happens by itself.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Tries until the attempt answers something, and answers that.</summary>
    /// <param name="what">What is awaited, for the message: "the pipeline of batch.csv ends".</param>
    /// <param name="attempt">Answers null while it has not happened. An exception ends the wait.</param>
    /// <param name="timeout">How long at most; two minutes by default, because test machines are slow and shared.</param>
    /// <param name="onTimeout">What else to say when it did not happen.</param>
    /// <exception cref="TimeoutException">It did not happen in time.</exception>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> attempt, TimeSpan? timeout = null, Func<string>? onTimeout = null)
        where T : class
    {
        var limit = timeout ?? TimeSpan.FromMinutes(2);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await attempt() is { } result)
            {
                return result;
            }

            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain until {what}. {onTimeout?.Invoke()}");
            }

            await Task.Delay(s_interval);
        }
    }

    /// <summary>Tries until the condition holds.</summary>
    public static Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? timeout = null, Func<string>? onTimeout = null) =>
        GetAsync(what, async () => await condition() ? what : null, timeout, onTimeout);
}
