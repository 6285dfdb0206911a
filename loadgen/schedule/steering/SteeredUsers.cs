namespace Pressure.LoadGen;

/// <summary>Users of a closed load whose number was changed while it ran.</summary>
internal sealed class SteeredUsers : UserPresence
{
    private readonly UserPresence _planned;
    private readonly Piece[] _pieces;
    private readonly TimeSpan _end;

    private SteeredUsers(UserPresence planned, Piece[] pieces, TimeSpan end) => (_planned, _pieces, _end) = (planned, pieces, end);

    /// <inheritdoc/>
    public override int Peak => _pieces.Max(p => p.Fixed ?? _planned.Peak);

    /// <summary>As planned so far.</summary>
    public static SteeredUsers Of(UserProfile planned) => new(planned, [new(TimeSpan.Zero, Fixed: null)], planned.Duration);

    /// <summary>With so many from a time on, which is not before that of the last change; as planned again when null.</summary>
    public SteeredUsers Then(TimeSpan at, int? users) => new(_planned, [.. _pieces.Where(p => p.From < at), new(at, users)], _end);

    /// <summary>With none from a time on.</summary>
    public SteeredUsers Until(TimeSpan at) => new(_planned, _pieces, at);

    /// <inheritdoc/>
    public override TimeSpan? NextPresence(int user, TimeSpan from)
    {
        for (var i = 0; i < _pieces.Length; i++)
        {
            var end = i + 1 < _pieces.Length && _pieces[i + 1].From < _end ? _pieces[i + 1].From : _end;
            var start = from > _pieces[i].From ? from : _pieces[i].From;
            if (start < end && PresenceIn(_pieces[i], user, start) is { } there && there < end)
                return there;
        }
        return null;
    }

    private TimeSpan? PresenceIn(Piece piece, int user, TimeSpan from) =>
        piece.Fixed is { } users ? user < users ? from : null : _planned.NextPresence(user, from);

    private readonly record struct Piece(TimeSpan From, int? Fixed);
}
