using Mlops.Local.Hosting;

return await LocalHost.RunAsync(args);
