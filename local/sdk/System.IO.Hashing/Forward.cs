using System.Runtime.CompilerServices;

// A reference in the metadata, so that the SDK's assembly is copied beside every app and listed in its deps.json.
[assembly: TypeForwardedTo(typeof(System.IO.Hashing.Crc64))]
