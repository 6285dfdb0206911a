using System.Data.Common;

namespace Pressure.Chaos;

/// <summary>What the guards' book is kept in. Every use is one transaction that nobody else writes beside, whoever and wherever they are.</summary>
internal interface IBookStore : IDisposable
{
    /// <summary>Does something as one transaction: what it changed stays when it returns, and nothing of it when it throws.</summary>
    /// <exception cref="GuardBookException">The book can't be read or written.</exception>
    Task<T> DoAsync<T>(Func<DbConnection, Task<T>> what, CancellationToken stop);

    /// <summary>What something would give: nothing of what it changes stays.</summary>
    /// <exception cref="GuardBookException">The book can't be read.</exception>
    Task<T> LookAsync<T>(Func<DbConnection, T> what, CancellationToken stop);

    /// <summary>Moves the book's time on and tells it, within a transaction.</summary>
    BookMoment Now(DbConnection book);
}
