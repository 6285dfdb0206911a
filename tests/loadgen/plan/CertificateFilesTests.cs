using System.Security.Cryptography.X509Certificates;
using Pressure.LoadGen.Tests.Engine;
using Pressure.TestKit;

namespace Pressure.LoadGen.Tests;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CertificateFilesTests()
    {
        Write("one");
        Write("other");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_found_beside_the_plan()
    {
        var result = Read("ca: other.pem, certificate: one.pem, key: one.key");

        Assert.Empty(result.Problems);
        Assert.Equal(
            (_folder.File("other.pem"), _folder.File("one.pem"), _folder.File("one.key")),
            (result.Plan!.Http.Authorities, result.Plan.Http.Certificate, result.Plan.Http.Key));
    }

    [Theory]
    [InlineData("ca: missing.pem", "http.ca")]
    [InlineData("ca: one.key", "http.ca")]
    [InlineData("ca: /dev/zero", "http.ca")]
    [InlineData("ca: .", "http.ca")]
    [InlineData("certificate: one.pem", "http.certificate")]
    [InlineData("certificate: one.pem, key: other.key", "http.key")]
    [InlineData("certificate: one.pem, key: missing.key", "http.key")]
    [InlineData("key: one.key", "http.key")]
    public void What_cannot_be_used_is_told_before_the_run(string http, string field) =>
        Assert.Equal(field, Assert.Single(Read(http).Problems).Field);

    [Fact]
    public void A_plan_that_comes_as_a_text_can_not_name_files()
    {
        const string text = "name: x\ntarget: https://127.0.0.1:1\nload: { rate: 1/s }\nhttp: { ca: a.pem, certificate: b.pem, key: c.pem }\nscenarios: [ { name: a, steps: [ get: / ] } ]\n";

        Assert.Equal(["http.ca", "http.certificate", "http.key"], PlanReader.Parse(text, "from-the-web.yaml").Problems.Select(p => p.Field));
    }

    private PlanResult Read(string http)
    {
        File.WriteAllText(_folder.File("plan.yaml"), $$"""
            name: test
            target: https://127.0.0.1
            load: { rate: 1/s, duration: 1s }
            scenarios: [ { steps: [ { get: / } ] } ]
            http: { {{http}} }
            """);
        return PlanReader.ReadFile(_folder.File("plan.yaml"));
    }

    private void Write(string name)
    {
        using var certificate = TestCertificate.SelfSigned();
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder.File($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
