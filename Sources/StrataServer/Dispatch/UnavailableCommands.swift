/// Commands of Redis that this server doesn't have, so that whoever sends one learns why.
enum UnavailableCommands {
    private static let explanations: [(reason: String, names: String)] = [
        (
            "lists are not offered",
            "lpush rpush lpushx rpushx lpop rpop llen lrange lindex lset linsert lrem ltrim lpos lmove blmove rpoplpush brpoplpush "
                + "blpop brpop lmpop blmpop"
        ),
        (
            "sets are not offered",
            "sadd srem smembers sismember smismember scard spop srandmember sinter sinterstore sintercard sunion sunionstore sdiff "
                + "sdiffstore smove sscan"
        ),
        (
            "sorted sets are not offered",
            "zadd zrem zscore zmscore zincrby zcard zcount zrange zrangestore zrevrange zrangebyscore zrevrangebyscore zrangebylex "
                + "zrevrangebylex zrank zrevrank zremrangebyrank zremrangebyscore zremrangebylex zlexcount zscan zunion zunionstore "
                + "zinter zinterstore zintercard zdiff zdiffstore zpopmin zpopmax bzpopmin bzpopmax zmpop bzmpop zrandmember "
                + "geoadd geopos geodist geohash georadius georadiusbymember georadius_ro georadiusbymember_ro geosearch "
                + "geosearchstore"
        ),
        (
            "streams are not offered",
            "xadd xlen xrange xrevrange xread xreadgroup xgroup xack xclaim xautoclaim xpending xinfo xdel xtrim xsetid"
        ),
        ("scripts are not offered", "eval evalsha eval_ro evalsha_ro fcall fcall_ro"),
        ("bitmaps are not offered", "setbit getbit bitcount bitpos bitop bitfield bitfield_ro"),
        ("HyperLogLogs are not offered", "pfadd pfcount pfmerge pfdebug pfselftest"),
        ("replication is not offered", "replicaof slaveof psync sync replconf failover"),
        ("cluster mode is not offered", "migrate restore-asking ssubscribe sunsubscribe spublish"),
        ("modules are not offered", "module"),
        ("MONITOR is not offered", "monitor"),
        ("sorting is not offered", "sort sort_ro"),
        ("append-only files are not offered", "bgrewriteaof"),
    ]

    private static let byName: [String: String] = {
        var all: [String: String] = [:]
        for (reason, names) in explanations {
            for name in names.split(separator: " ") { all[String(name)] = reason }
        }
        return all
    }()

    /// The error for a command that isn't offered; `nil` if there is no such command at all.
    static func explanation(of name: String) -> CommandError? {
        // What clients that look for a cluster know how to understand.
        if ["cluster", "asking", "readonly", "readwrite"].contains(name.lowercased()) {
            return CommandError("ERR This instance has cluster support disabled")
        }
        guard let reason = byName[name.lowercased()] else { return nil }
        return CommandError("ERR unknown command '\(name)': \(reason) by this server")
    }

    /// Whether this is the first word of an HTTP request or of one of its headers that every request has.
    static func isFromBrowser(_ name: String) -> Bool {
        name == "POST" || name.lowercased() == "host:"
    }
}
