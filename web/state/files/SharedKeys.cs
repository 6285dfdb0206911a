using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Pressure.Chaos;

namespace Pressure.Web.State;

/// <summary>The keys that forms are signed with: a form that one node has shown may be sent to another.</summary>
internal sealed class SharedKeys(string folder, SharedFiles files) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(file => XElement.Parse(File.ReadAllText(file)))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var name = friendlyName.Length > 0 && friendlyName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? friendlyName : $"{Guid.NewGuid():n}";
        files.Write(Path.Combine(folder, $"{name}.xml"), element.ToString(SaveOptions.DisableFormatting));
    }
}
