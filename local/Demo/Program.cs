using Mlops.Demo;

// usage: Mlops.Demo BASE_URL STORAGE_CONNECTION_STRING WEATHER_CSV
if (args.Length != 3)
{
    Console.Error.WriteLine("Expected three arguments: the base URL, the storage connection string and the path of weather.csv.");
    return 2;
}

using CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));
try
{
    using Platform platform = new(new Uri(args[0]), args[1]);
    await new WeatherLoop(platform, WeatherData.Read(args[2])).RunAsync(limit.Token);
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("The loop did not end within five minutes. The lines above show how far it came; GET /api/models/weather shows the rest.");
    return 1;
}
catch (DemoFailedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
