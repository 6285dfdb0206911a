using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace Pressure.Agent.Tests.Ring;

/// <summary>Whatever happens to a ring: what it gives is what was put in, in order, and what is not given is counted or was there for the centre to have.</summary>
public sealed class EntryRingPropertyTests
{
    private static readonly RingOptions Tiny = new(MaxBytes: 6000, SegmentBytes: 1500);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_entry_is_lost_uncounted_or_given_twice_whatever_happens(bool acksAtOnce)
    {
        var steps = Gen.Frequency(
            (8, Gen.Choose(1, 12).Select(n => new Step("append", n))),
            (4, Gen.Choose(200, 3000).Select(n => new Step("send", n))),
            (3, Gen.Choose(0, 3).Select(n => new Step("ack", n))),
            (2, Gen.Choose(0, 0).Select(n => new Step("reopen", n))),
            (2, Gen.Choose(1, 700).Select(n => new Step("kill", n))),
            (1, Gen.Choose(1, 2000).Select(n => new Step("powercut", n))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(steps.ListOf().ToArbitrary(), list =>
        {
            using var world = new World(acksAtOnce);
            foreach (var step in list)
                world.Do(step);
            world.SendAll();
            world.Check();
        }));
    }

    private sealed record Step(string What, int Amount);

    /// <summary>A ring with an agent and a centre as simple as can be.</summary>
    private sealed class World : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly List<int> _stored = [];
        private readonly Dictionary<Guid, long> _wanted = [];
        private readonly HashSet<int> _torn = [];
        private readonly Stack<int> _inRing = new();
        private EntryRing _ring;
        private long _next;
        private int _appended;
        private long _droppedBefore;

        private readonly bool _acksAtOnce;

        public World(bool acksAtOnce) => (_acksAtOnce, _ring) = (acksAtOnce, Open());

        public void Do(Step step)
        {
            switch (step.What)
            {
                case "append":
                    for (var i = 0; i < step.Amount; i++)
                    {
                        _inRing.Push(_appended);
                        Assert.True(_ring.Append(TestEntry.Of(_appended++)));
                    }
                    break;
                case "send":
                    Send(step.Amount);
                    break;
                case "ack":
                    _ring.Ack(Math.Max(0, _next - step.Amount));
                    break;
                case "reopen":
                    Reopen();
                    break;
                case "kill":
                    Tear(step.Amount, junk: true);
                    break;
                case "powercut":
                    Tear(step.Amount, junk: false);
                    break;
            }
        }

        public void SendAll()
        {
            Connect();
            while (Send(3000))
            {
            }
        }

        public void Check()
        {
            Assert.Equal(_stored.Order(), _stored);
            Assert.Equal(_stored.Distinct(), _stored);
            var counted = _stored.Count + _droppedBefore + _ring.Dropped + _torn.Count(t => !_stored.Contains(t));
            // What was sent and is not acknowledged may have arrived, and counts as lost all the same when it has to go.
            Assert.InRange(counted, _appended, _acksAtOnce ? _appended : long.MaxValue);
            Assert.True(_ring.Bytes <= Tiny.MaxBytes);
        }

        public void Dispose()
        {
            _ring.Dispose();
            _folder.Dispose();
        }

        private EntryRing Open() => EntryRing.Open(_folder.Path, Tiny, RingLock.TryTake(_folder.Path)!);

        private void Reopen()
        {
            _droppedBefore += _ring.Dropped;
            _ring.Dispose();
            _ring = Open();
            Connect();
        }

        // As the handshake has it: the ring says who it is, the centre where to begin.
        private void Connect()
        {
            while (true)
            {
                var wanted = _wanted.GetValueOrDefault(_ring.Id, _ring.Oldest);
                if (_ring.Agrees(wanted))
                {
                    _next = wanted;
                    return;
                }
            }
        }

        private bool Send(int bytes)
        {
            var items = new ArrayBufferWriter<byte>();
            var batch = _ring.Read(_next, bytes, items);
            _next = batch.First + batch.Count;
            if (batch.Count == 0)
                return false;
            _stored.AddRange(TestEntry.Read(items.WrittenSpan));
            _wanted[_ring.Id] = _next;
            if (_acksAtOnce)
                _ring.Ack(_next);
            return true;
        }

        // A kill leaves half a record behind the last one; a power cut takes bytes that were written.
        private void Tear(int bytes, bool junk)
        {
            var kept = _ring.Next;
            _droppedBefore += _ring.Dropped;
            _ring.Dispose();
            var last = Directory.GetFiles(_folder.Path, "*.seg").Order().Last();
            using (var file = File.Open(last, FileMode.Open, FileAccess.ReadWrite))
            {
                if (junk)
                {
                    file.Seek(0, SeekOrigin.End);
                    file.Write(new byte[bytes]);
                }
                else
                {
                    file.SetLength(Math.Max(0, file.Length - bytes));
                }
            }
            _ring = Open();
            for (var lost = kept - _ring.Next; lost > 0; lost--)
                _torn.Add(_inRing.Pop());
            Connect();
        }
    }
}
