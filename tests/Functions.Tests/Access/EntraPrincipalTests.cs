using System.Text;
using Microsoft.AspNetCore.Http;
using Mlops.Core.Access;
using Mlops.Functions.Access;

namespace Mlops.Functions.Tests.Access;

public class EntraPrincipalTests
{
    [Theory]
    [InlineData("""{"typ":"roles","val":"approver"}""", Role.Approver)]
    [InlineData("""{"typ":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role","val":"reader"}""", Role.Reader)]
    [InlineData("""{"typ":"r","val":"predictor"}""", Role.Predictor)]
    [InlineData("""{"typ":"roles","val":"reader"},{"typ":"roles","val":"admin"},{"typ":"roles","val":"Task.Write"}""", Role.Admin)]
    [InlineData("""{"typ":"roles","val":"Admin"},{"typ":"roles","val":"none"},{"typ":"groups","val":"admin"}""", Role.None)]
    public void Read_AppRoles_AreTheRolesOfThatName(string roles, Role expected)
    {
        Caller caller = Read($$"""{"auth_typ":"aad","name_typ":"n","role_typ":"r","claims":[{"typ":"oid","val":"1-2-3"},{"typ":"n","val":"ada"},{{roles}}]}""")!;
        Assert.Equal(("entra ada (1-2-3)", expected), (caller.Name, caller.Role));
        Assert.True(caller.Models.IsAll);
    }

    [Fact]
    public void Read_Names_AreHarmlessInALedger() =>
        Assert.Equal("entra a?b (1)", Read("""{"auth_typ":"aad","claims":[{"typ":"http://schemas.microsoft.com/identity/claims/objectidentifier","val":"1"},{"typ":"preferred_username","val":"a\nb"}]}""")!.Name);

    [Theory]
    [InlineData("""{"auth_typ":"google","claims":[{"typ":"oid","val":"1"},{"typ":"roles","val":"admin"}]}""")]
    [InlineData("""{"claims":[{"typ":"oid","val":"1"},{"typ":"roles","val":"admin"}]}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("""{"auth_typ":"aad","claims":[]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[1]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"roles","val":"admin"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"oid","val":""},{"typ":"roles","val":"admin"}]}""")]
    [InlineData("""{"auth_typ":"aad","claims":[{"typ":"oid","val":7},{"typ":"roles","val":"admin"}]}""")]
    public void Read_WhatNamesNobody_IsNobody(string json) => Assert.Null(Read(json));

    [Fact]
    public void Read_NoBase64OrTooLong_IsNobody()
    {
        Assert.Null(EntraPrincipal.Read(Request("%%%")));
        Assert.Null(EntraPrincipal.Read(Request(new string('A', 70_000))));
        Assert.Null(EntraPrincipal.Read(new DefaultHttpContext().Request));
    }

    private static Caller? Read(string json) => EntraPrincipal.Read(Request(Convert.ToBase64String(Encoding.UTF8.GetBytes(json))));

    private static HttpRequest Request(string header)
    {
        DefaultHttpContext http = new();
        http.Request.Headers[EntraPrincipal.Header] = header;
        return http.Request;
    }
}
