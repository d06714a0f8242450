using System.Text.Json;
using ProgressTelemetry.Storage.Tests.Support;
using Xunit;

namespace ProgressTelemetry.Storage.Tests;

/// <summary>What every store does.</summary>
internal static class RunStoreContract
{
    public static readonly IReadOnlyDictionary<string, Func<IRunStore, Task>> Rules = new Dictionary<string, Func<IRunStore, Task>>
    {
        [nameof(PutAsync_Share_ComesBackAsItWas)] = PutAsync_Share_ComesBackAsItWas,
        [nameof(PutAsync_OlderShare_ChangesNothing)] = PutAsync_OlderShare_ChangesNothing,
        [nameof(GetChangesAsync_InPages_TellsEachChange)] = GetChangesAsync_InPages_TellsEachChange,
        [nameof(GetChangesAsync_WhileOthersPut_MissesNothing)] = GetChangesAsync_WhileOthersPut_MissesNothing,
        [nameof(GetChangesAsync_OfSomeRuns_LeavesTheOthersOut)] = GetChangesAsync_OfSomeRuns_LeavesTheOthersOut,
        [nameof(TellPresentAsync_Process_IsPresentForAWhile)] = TellPresentAsync_Process_IsPresentForAWhile,
        [nameof(TryClaimAsync_ManyAtOnce_IsOneOnes)] = TryClaimAsync_ManyAtOnce_IsOneOnes,
        [nameof(TryClaimAsync_Lease_IsAnothersOnceItHasRunOut)] = TryClaimAsync_Lease_IsAnothersOnceItHasRunOut,
        [nameof(PruneAsync_EndedRun_IsForgottenWithItsClaims)] = PruneAsync_EndedRun_IsForgottenWithItsClaims,
        [nameof(Calls_Cancelled_GiveUp)] = Calls_Cancelled_GiveUp,
    };

    public static TheoryData<string> Names => [.. Rules.Keys];

    private static async Task PutAsync_Share_ComesBackAsItWas(IRunStore store)
    {
        var share = Share.Of("r'1; --");
        await store.PutAsync([share], default);
        var stored = Assert.Single(await store.ReadAllAsync());
        Assert.Equal(JsonSerializer.Serialize(share), JsonSerializer.Serialize(stored.Share));
        Assert.InRange(stored.Age, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static async Task PutAsync_OlderShare_ChangesNothing(IRunStore store)
    {
        await store.PutAsync([Share.Of("r", sequence: 5)], default);
        var cursor = (await store.GetChangesAsync(new ShareQuery(null, 10), default)).Cursor;
        await store.PutAsync([Share.Of("r", sequence: 5), Share.Of("r", sequence: 4)], default);
        Assert.Equal(5, Assert.Single(await store.ReadAllAsync()).Share!.Sequence);
        await NothingIsLeftAsync(store, cursor);
        await store.PutAsync([Share.Of("r", sequence: 6), Share.Of("r", generation: 1), Share.Of("r", "q")], default);
        Assert.Equal(3, (await store.ReadAllAsync()).Count);
    }

    private static async Task GetChangesAsync_InPages_TellsEachChange(IRunStore store)
    {
        await store.PutAsync([.. Enumerable.Range(0, 25).Select(i => Share.Of($"r{i}"))], default);
        var (read, cursor) = await ReadAsync(store, null, 10);
        Assert.Equal(25, read.Count);
        cursor = await NothingIsLeftAsync(store, cursor);
        await store.PutAsync([Share.Of("r7", sequence: 2)], default);
        (read, cursor) = await ReadAsync(store, cursor, 10);
        Assert.Equal("r7", Assert.Single(read).RunId);
        await NothingIsLeftAsync(store, cursor);
    }

    private static async Task GetChangesAsync_WhileOthersPut_MissesNothing(IRunStore store)
    {
        const int Writers = 4, Puts = 50;
        var seen = new HashSet<(string, long)>();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var put = 0; put < Puts; put++)
            {
                await store.PutAsync([.. Enumerable.Range(0, 3).Select(i => Share.Of($"w{writer}-{put}-{i}"))], default);
            }
        })));
        string? cursor = null;
        for (var isOver = false; !isOver;)
        {
            isOver = writing.IsCompleted;
            (var read, cursor) = await ReadAsync(store, cursor, 7);
            seen.UnionWith(read.Select(share => (share.RunId, share.Sequence)));
        }

        await writing;
        Assert.Equal(Writers * Puts * 3, seen.Count);
    }

    private static async Task GetChangesAsync_OfSomeRuns_LeavesTheOthersOut(IRunStore store)
    {
        RunShare[] shares = [.. Enumerable.Range(0, 30).Select(i => Share.Of($"r{i}") with { Instance = i % 2 == 0 ? "even" : null })];
        await store.PutAsync(shares, default);
        Assert.Equal(["r3", "r4", "r'5"], await IdsAsync("r3", "r4", "r'5"));
        Assert.Equal(["r3"], await IdsAsync("r3", "r4"));
        Assert.Empty(await IdsAsync());

        // A cursor is of all runs, whichever were asked for.
        var (_, cursor) = await ReadAsync(store, null, 10);
        cursor = await NothingIsLeftAsync(store, cursor);
        await store.PutAsync([shares[3] with { Sequence = 9 }, shares[5] with { Sequence = 9 }], default);
        var changes = await store.GetChangesAsync(new ShareQuery(cursor, 10) { RunIds = ["r5", "r6"] }, default);
        Assert.Equal(("r5", 9L, true), (Assert.Single(changes.Shares).Share!.RunId, changes.Shares[0].Share!.Sequence, changes.IsAll));

        // In pages.
        string[] all = [.. Enumerable.Range(0, 30).Select(i => $"r{i}")];
        var page = await store.GetChangesAsync(new ShareQuery(null, 20) { RunIds = all }, default);
        Assert.Equal((20, false), (page.Shares.Count, page.IsAll));
        var rest = await store.GetChangesAsync(new ShareQuery(page.Cursor, 20) { RunIds = all }, default);
        Assert.Equal((10, true), (rest.Shares.Count, rest.IsAll));
        Assert.Equal(30, page.Shares.Concat(rest.Shares).Select(stored => stored.Share!.RunId).Distinct().Count());

        async Task<string[]> IdsAsync(params string[] ids)
        {
            await store.PutAsync([Share.Of("r'5")], default);
            var found = await store.GetChangesAsync(new ShareQuery(null, 10) { RunIds = ids, NotOf = ids.Length == 2 ? "even" : null }, default);
            return [.. found.Shares.Select(stored => stored.Share!.RunId).Order(Comparer<string>.Create((a, b) => Array.IndexOf(ids, a) - Array.IndexOf(ids, b)))];
        }
    }

    private static async Task TellPresentAsync_Process_IsPresentForAWhile(IRunStore store)
    {
        var (hour, over) = (TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(-1));
        Assert.Empty(await store.GetPresentAsync(null, hour, default));
        await store.TellPresentAsync("first", default);
        await store.TellPresentAsync("second'", default);
        await store.TellPresentAsync("first", default);
        Assert.Equal(["first", "second'"], (await store.GetPresentAsync(null, hour, default)).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["second'"], (await store.GetPresentAsync(["second'", "third"], hour, default)).Keys);
        Assert.All((await store.GetPresentAsync(null, hour, default)).Values, age => Assert.InRange(age, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.Empty(await store.GetPresentAsync([], hour, default));
        Assert.Empty(await store.GetPresentAsync(null, over, default));
        await store.PruneAsync(hour, over, default);
        Assert.Empty(await store.GetPresentAsync(null, hour, default));
    }

    private static async Task TryClaimAsync_ManyAtOnce_IsOneOnes(IRunStore store)
    {
        await store.PutAsync([Share.Of("r")], default);
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => store.TryClaimAsync("r", 0, "milestone half", $"p{i}", null, default))));
        Assert.Single(claims, won => won);
        var winner = $"p{Array.IndexOf(claims, true)}";
        Assert.True(await store.TryClaimAsync("r", 0, "milestone half", winner, null, default));
        Assert.False(await store.TryClaimAsync("r", 0, "milestone half", "another", null, default));
        Assert.True(await store.TryClaimAsync("r", 1, "milestone half", "another", null, default));
        Assert.True(await store.TryClaimAsync("r", 0, "milestone all", "another", null, default));
    }

    private static async Task TryClaimAsync_Lease_IsAnothersOnceItHasRunOut(IRunStore store)
    {
        await store.PutAsync([Share.Of("r")], default);
        var (hour, over) = (TimeSpan.FromHours(1), TimeSpan.FromSeconds(-1));
        Assert.True(await store.TryClaimAsync("r", 0, "series", "p", hour, default));
        Assert.False(await store.TryClaimAsync("r", 0, "series", "q", hour, default));
        Assert.True(await store.TryClaimAsync("r", 0, "series", "p", over, default));
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => store.TryClaimAsync("r", 0, "series", $"q{i}", hour, default))));
        Assert.Single(claims, won => won);
        Assert.False(await store.TryClaimAsync("r", 0, "series", "p", hour, default));
    }

    private static async Task PruneAsync_EndedRun_IsForgottenWithItsClaims(IRunStore store)
    {
        await store.PutAsync([Share.Of("ended") with { Result = WorkflowResult.Success }, Share.Of("ended", "q"), Share.Of("open")], default);
        Assert.True(await store.TryClaimAsync("ended", 0, "milestone half", "p", null, default));
        Assert.True(await store.TryClaimAsync("open", 0, "milestone half", "p", null, default));

        await store.PruneAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(1), default);
        Assert.Equal(3, (await store.ReadAllAsync()).Count);
        await store.PruneAsync(TimeSpan.FromHours(-1), TimeSpan.FromHours(1), default);
        Assert.Equal("open", Assert.Single(await store.ReadAllAsync()).Share!.RunId);
        Assert.True(await store.TryClaimAsync("ended", 0, "milestone half", "q", null, default));
        Assert.False(await store.TryClaimAsync("open", 0, "milestone half", "q", null, default));
        await store.PruneAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(-1), default);
        Assert.Empty(await store.ReadAllAsync());

        // What is put afterwards is a change to whoever read before.
        await store.PutAsync([Share.Of("later")], default);
        Assert.Single(await store.ReadAllAsync());
    }

    private static async Task Calls_Cancelled_GiveUp(IRunStore store)
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync([Share.Of("r")], source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetChangesAsync(new ShareQuery(null, 10), source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.TellPresentAsync("p", source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetPresentAsync(null, TimeSpan.Zero, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.TryClaimAsync("r", 0, "x", "p", null, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PruneAsync(TimeSpan.Zero, TimeSpan.Zero, source.Token));
        Assert.Empty(await store.ReadAllAsync());
    }

    /// <summary>While transactions are open, whosever they are, changes may be told again; but not for ever.</summary>
    private static async Task<string> NothingIsLeftAsync(IRunStore store, string cursor)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var changes = await store.GetChangesAsync(new ShareQuery(cursor, 100), limit.Token);
            cursor = changes.Cursor;
            if (changes.Shares.Count == 0)
            {
                return cursor;
            }
        }
    }

    private static async Task<(List<RunShare> Read, string Cursor)> ReadAsync(IRunStore store, string? cursor, int page)
    {
        var read = new List<RunShare>();
        while (true)
        {
            var changes = await store.GetChangesAsync(new ShareQuery(cursor, page), default);
            Assert.True(changes.Shares.Count <= page);
            read.AddRange(changes.Shares.Select(stored => stored.Share!));
            cursor = changes.Cursor;
            if (changes.IsAll)
            {
                return (read, cursor);
            }
        }
    }
}
