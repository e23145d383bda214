import StrataRESP

/// What a sidecar does with a command: see ``kind(of:)``.
enum SidecarCommand {
    /// How a command is treated.
    enum Kind: Hashable, Sendable {
        /// `HGET key field`: a field of its own in the near cache.
        case field
        /// `HMGET key field …`: the same for several.
        case fields
        /// `HGETALL key`: all fields.
        case wholeHash
        /// A read of one key whose reply is kept as it is.
        case reply
        /// `MGET key …`: the reply of `GET` for each.
        case strings
        /// Another read: passed on.
        case otherRead
        /// Answered by the sidecar itself.
        case own
        /// Begins or ends a transaction.
        case transaction
        /// Changes what the connection is or keeps it waiting: the client gets a connection of its own.
        case session
        /// Removes everything.
        case removesEverything
        /// Anything else may change any of the keys it names: passed on.
        case write
    }

    /// What to do with a command.
    ///
    /// - Parameter arguments: The request, at least its name.
    /// - Returns: How it is treated.
    @inline(__always)
    static func kind(of arguments: RESPArguments) -> Kind {
        guard let kind = table.kind(of: CommandName(arguments[0])) else { return .write }
        return refined(kind, arguments)
    }

    private static func refined(_ kind: Kind, _ arguments: RESPArguments) -> Kind {
        switch kind {
        case .field: arguments.count == 3 ? .field : .otherRead
        case .fields: arguments.count >= 3 && arguments.count <= 66 ? .fields : .otherRead
        case .wholeHash: arguments.count == 2 ? .wholeHash : .otherRead
        case .reply: arguments.count >= 2 && arguments.count <= 16 ? .reply : .otherRead
        case .strings: arguments.count >= 2 && arguments.count <= 65 ? .strings : .otherRead
        case .own where arguments[0].spells("SELECT"): isDatabaseZero(arguments) ? .own : .session
        case .own where arguments[0].spells("CLIENT"): isOwnClientCommand(arguments) ? .own : .session
        case .write where arguments[0].spells("XREAD") || arguments[0].spells("XREADGROUP"):
            (1..<arguments.count).contains { arguments[$0].spells("BLOCK") } ? .session : .write
        default: kind
        }
    }

    private static func isDatabaseZero(_ arguments: RESPArguments) -> Bool {
        arguments.count == 2 && arguments[1].count == 1 && arguments[1][0] == UInt8(ascii: "0")
    }

    private static func isOwnClientCommand(_ arguments: RESPArguments) -> Bool {
        guard arguments.count > 1 else { return true }
        return ![
            "TRACKING", "CACHING", "REPLY", "NO-EVICT", "PAUSE", "UNPAUSE", "KILL", "UNBLOCK", "LIST", "TRACKINGINFO",
        ]
        .contains { arguments[1].spells($0) }
    }

    private static let table: SidecarCommandTable = {
        let table = SidecarCommandTable()
        func add(_ kind: Kind, _ names: String) {
            for name in names.split(separator: " ") { Array(name.utf8).withUnsafeBytes { table.add(kind, $0) } }
        }
        add(.field, "HGET")
        add(.fields, "HMGET")
        add(.wholeHash, "HGETALL")
        add(.strings, "MGET")
        // Reads of one key whose answer depends on nothing but what is in it.
        add(
            .reply,
            """
            GET STRLEN GETRANGE SUBSTR GETBIT BITCOUNT BITPOS TYPE HLEN HKEYS HVALS HEXISTS HSTRLEN LRANGE LLEN LINDEX LPOS \
            SMEMBERS SISMEMBER SMISMEMBER SCARD ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX \
            ZSCORE ZMSCORE ZRANK ZREVRANK ZCARD ZCOUNT ZLEXCOUNT GEOPOS GEODIST GEOHASH XLEN XRANGE XREVRANGE
            """)
        add(
            .otherRead,
            """
            EXISTS TTL PTTL EXPIRETIME PEXPIRETIME DUMP OBJECT MEMORY HSCAN HRANDFIELD HTTL HPTTL HEXPIRETIME HPEXPIRETIME \
            SRANDMEMBER SSCAN SDIFF SINTER SUNION SINTERCARD ZSCAN ZRANDMEMBER ZUNION ZINTER ZDIFF ZINTERCARD GEOSEARCH \
            XINFO XPENDING SORT_RO LCS PFCOUNT BITFIELD_RO EVAL_RO EVALSHA_RO FCALL_RO SCAN KEYS RANDOMKEY DBSIZE TIME LASTSAVE \
            ROLE PUBSUB SLOWLOG LATENCY LOLWUT COMMAND CLUSTER CONFIG TOUCH PUBLISH SPUBLISH SCRIPT WAIT ACL
            """)
        add(.own, "PING ECHO HELLO AUTH QUIT RESET CLIENT SELECT INFO READONLY READWRITE")
        add(.transaction, "MULTI EXEC DISCARD")
        add(
            .session,
            """
            WATCH UNWATCH SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR BLPOP BRPOP BLMOVE \
            BRPOPLPUSH BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAITAOF SYNC PSYNC
            """)
        add(.removesEverything, "FLUSHALL FLUSHDB SWAPDB")
        return table
    }()
}
