/// What has to be known of a command to route it and to decide whether it may be repeated.
///
/// Source: Redis command reference.
struct CommandTraits: Sendable {
    var effect: RedisCommand.Effect
    var keys: KeyPlace

    /// Where a command's first key stands.
    enum KeyPlace: Sendable {
        case none
        case at(Int)
        /// Behind a count, which stands at this place.
        case behindCount(Int)
        /// Behind a word.
        case behindWord(String)
    }

    static func of(_ arguments: [[UInt8]]) -> CommandTraits {
        table[name(arguments)] ?? CommandTraits(effect: .write, keys: .at(1))
    }

    static func name(_ arguments: [[UInt8]]) -> String {
        String(decoding: arguments.first ?? [], as: UTF8.self).uppercased()
    }

    static func keyIndex(_ arguments: [[UInt8]]) -> Int? {
        switch of(arguments).keys {
        case .none:
            return nil
        case .at(let index):
            return index
        case .behindCount(let index):
            guard index < arguments.count, let count = Int(String(decoding: arguments[index], as: UTF8.self)) else {
                return nil
            }
            return count > 0 ? index + 1 : nil
        case .behindWord(let word):
            let place = arguments.firstIndex { String(decoding: $0, as: UTF8.self).uppercased() == word }
            return place.map { $0 + 1 }
        }
    }

    /// Whether a command changes what a connection is, or keeps it from answering others.
    static func needsSession(_ arguments: [[UInt8]]) -> Bool {
        let name = name(arguments)
        if sessionCommands.contains(name) { return true }
        guard arguments.count > 1 else { return false }
        let first = String(decoding: arguments[1], as: UTF8.self).uppercased()
        switch name {
        case "CLIENT": return ["REPLY", "TRACKING", "CACHING", "NO-EVICT", "NO-TOUCH"].contains(first)
        case "XREAD", "XREADGROUP":
            return arguments.contains { String(decoding: $0, as: UTF8.self).uppercased() == "BLOCK" }
        default: return false
        }
    }

    private static let sessionCommands: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SELECT",
        "AUTH",
        "HELLO", "RESET", "QUIT", "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "READONLY", "READWRITE", "ASKING",
        "SYNC",
        "PSYNC", "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "WAIT",
        "WAITAOF",
    ]

    private static let table: [String: CommandTraits] = {
        var table: [String: CommandTraits] = [:]
        func add(_ effect: RedisCommand.Effect, _ keys: KeyPlace, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = CommandTraits(effect: effect, keys: keys) }
        }
        add(
            .readOnly, .at(1),
            """
            GET MGET STRLEN GETRANGE SUBSTR GETBIT BITCOUNT BITPOS BITFIELD_RO EXISTS TYPE TTL PTTL EXPIRETIME PEXPIRETIME DUMP \
            HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN HSCAN HRANDFIELD HTTL HPTTL HEXPIRETIME HPEXPIRETIME \
            LRANGE LLEN LINDEX LPOS SMEMBERS SISMEMBER SMISMEMBER SCARD SRANDMEMBER SSCAN SDIFF SINTER SUNION \
            ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX ZSCORE ZMSCORE ZRANK ZREVRANK \
            ZCARD ZCOUNT ZLEXCOUNT ZSCAN ZRANDMEMBER GEODIST GEOHASH GEOPOS GEOSEARCH GEORADIUS_RO GEORADIUSBYMEMBER_RO \
            XRANGE XREVRANGE XLEN XPENDING SORT_RO LCS PFCOUNT
            """)
        add(.idempotent, .at(1), "DEL UNLINK HDEL SREM ZREM PERSIST HPERSIST TOUCH")
        add(.readOnly, .at(2), "OBJECT XINFO MEMORY")
        add(.readOnly, .behindCount(2), "EVAL_RO EVALSHA_RO FCALL_RO")
        add(.write, .behindCount(2), "EVAL EVALSHA FCALL BLMPOP BZMPOP")
        add(.readOnly, .behindCount(1), "ZUNION ZINTER ZDIFF ZINTERCARD SINTERCARD")
        add(.write, .behindCount(1), "LMPOP ZMPOP")
        add(.write, .at(2), "BITOP")
        add(.readOnly, .behindWord("STREAMS"), "XREAD")
        add(.write, .behindWord("STREAMS"), "XREADGROUP")
        add(
            .readOnly, .none,
            "PING ECHO INFO TIME DBSIZE COMMAND CLUSTER SCAN KEYS RANDOMKEY LASTSAVE ROLE PUBSUB HELLO LOLWUT WAIT SLOWLOG LATENCY"
        )
        add(
            .write, .none,
            """
            CLIENT CONFIG SCRIPT FUNCTION PUBLISH FLUSHALL FLUSHDB MULTI EXEC DISCARD UNWATCH AUTH SELECT SWAPDB SAVE BGSAVE \
            BGREWRITEAOF SHUTDOWN DEBUG ACL MODULE REPLICAOF SLAVEOF FAILOVER ASKING READONLY READWRITE MONITOR SUBSCRIBE \
            PSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE RESET QUIT
            """)
        return table
    }()
}
