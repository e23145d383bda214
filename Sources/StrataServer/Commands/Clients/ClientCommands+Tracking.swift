import Strata
import StrataRESP

extension ClientCommands {
    static let tracking: [CommandSpecification] = [
        subcommand("tracking", arity: -3, since: "6.0.0", "Has changes of keys reported to the client.", track),
        subcommand("caching", arity: 3, since: "6.0.0", "Remembers or skips the keys the next command reads.", caching),
        subcommand("getredir", arity: 2, since: "6.0.0", "Returns the client that invalidations are sent to.") {
            $0.writer.integer($0.client.status.redirection.current)
        },
        subcommand(
            "trackinginfo", arity: 2, since: "6.2.0", "Tells how keys are tracked for the client.", trackingInfo),
    ]

    private static func track(_ context: CommandContext) throws(CommandError) {
        let client = context.client
        var options = TrackingOptions()
        let prefixes = try readOptions(context, into: &options)
        if context.argument(2, is: "OFF") {
            client.stopTracking()
            return context.writer.ok()
        }
        guard context.argument(2, is: "ON") else { throw .syntax }
        try check(options, prefixes, against: client.tracking)
        options.prefixes = client.tracking?.prefixes ?? []
        if options.isBroadcast { options.prefixes.formUnion(prefixes.isEmpty ? [[]] : prefixes) }
        client.tracking = options
        client.gate.insert(.tracking)
        client.status.set(.tracking, true)
        client.status.set(.trackingBroadcast, options.isBroadcast)
        client.status.set(.brokenRedirection, false)
        client.status.redirection.set(Int(options.redirection))
        context.server.tracking.enable(client, options)
        context.writer.ok()
    }

    /// Reads the options behind `ON` or `OFF`.
    ///
    /// - Returns: The prefixes, in the order in which they were given.
    private static func readOptions(
        _ context: CommandContext, into options: inout TrackingOptions
    ) throws(CommandError) -> [[UInt8]] {
        var prefixes: [[UInt8]] = []
        var index = 3
        while index < context.arguments.count {
            let hasValue = index + 1 < context.arguments.count
            if context.argument(index, is: "REDIRECT"), hasValue {
                guard options.redirection == 0 else {
                    throw CommandError("ERR A client can only redirect to a single other client")
                }
                let number = try context.integer(index + 1)
                guard number > 0, context.server.clients.find(UInt64(number)) != nil else {
                    throw CommandError("ERR The client ID you want redirect to does not exist")
                }
                options.redirection = UInt64(number)
                index += 1
            } else if context.argument(index, is: "PREFIX"), hasValue {
                prefixes.append(Array(context.arguments[index + 1]))
                index += 1
            } else if context.argument(index, is: "BCAST") {
                options.isBroadcast = true
            } else if context.argument(index, is: "OPTIN") {
                options.isOptIn = true
            } else if context.argument(index, is: "OPTOUT") {
                options.isOptOut = true
            } else if context.argument(index, is: "NOLOOP") {
                options.isNoLoop = true
            } else {
                throw .syntax
            }
            index += 1
        }
        return prefixes
    }

    /// Checks that the options go with each other and with those the client has already.
    private static func check(
        _ options: TrackingOptions, _ prefixes: [[UInt8]], against present: TrackingOptions?
    ) throws(CommandError) {
        if !options.isBroadcast, !prefixes.isEmpty {
            throw CommandError("ERR PREFIX option requires BCAST mode to be enabled")
        }
        if let present, present.isBroadcast != options.isBroadcast {
            throw CommandError(
                "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with "
                    + "a different mode.")
        }
        if options.isBroadcast, options.isOptIn || options.isOptOut {
            throw CommandError("ERR OPTIN and OPTOUT are not compatible with BCAST")
        }
        if options.isOptIn, options.isOptOut {
            throw CommandError("ERR You can't specify both OPTIN mode and OPTOUT mode")
        }
        if let present, (options.isOptIn && present.isOptOut) || (options.isOptOut && present.isOptIn) {
            throw CommandError(
                "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with "
                    + "a different mode.")
        }
        for (index, prefix) in prefixes.enumerated() {
            if let other = present?.prefixes.first(where: { overlap($0, prefix) }) {
                throw overlapError(prefix, "an existing prefix", other)
            }
            if let other = prefixes[(index + 1)...].first(where: { overlap($0, prefix) }) {
                throw overlapError(prefix, "another provided prefix", other)
            }
        }
    }

    private static func overlap(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.starts(with: other) || other.starts(with: one)
    }

    private static func overlapError(_ prefix: [UInt8], _ kind: String, _ other: [UInt8]) -> CommandError {
        let (shown, otherShown) = (String(decoding: prefix, as: UTF8.self), String(decoding: other, as: UTF8.self))
        return CommandError(
            "ERR Prefix '\(shown)' overlaps with \(kind) '\(otherShown)'. Prefixes for a single client must not overlap."
        )
    }

    private static func caching(_ context: CommandContext) throws(CommandError) {
        guard let options = context.client.tracking else {
            throw CommandError(
                "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"
            )
        }
        if context.argument(2, is: "YES") {
            guard options.isOptIn else {
                throw CommandError("ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
            }
        } else if context.argument(2, is: "NO") {
            guard options.isOptOut else {
                throw CommandError("ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")
            }
        } else {
            throw .syntax
        }
        context.client.gate.insert(.caching)
        context.writer.ok()
    }

    private static func trackingInfo(_ context: CommandContext) {
        let client = context.client
        let writer = context.writer
        var flags = [client.tracking == nil ? "off" : "on"]
        if let options = client.tracking {
            let isCaching = client.gate.contains(.caching)
            if options.isBroadcast { flags.append("bcast") }
            if options.isOptIn { flags += isCaching ? ["optin", "caching-yes"] : ["optin"] }
            if options.isOptOut { flags += isCaching ? ["optout", "caching-no"] : ["optout"] }
            if options.isNoLoop { flags.append("noloop") }
            if client.status.contains(.brokenRedirection) { flags.append("broken_redirect") }
        }
        writer.mapHeader(3)
        writer.bulk("flags")
        writer.setHeader(flags.count)
        for flag in flags { writer.bulk(flag) }
        writer.bulk("redirect")
        writer.integer(client.status.redirection.current)
        writer.bulk("prefixes")
        let prefixes = (client.tracking?.prefixes ?? []).sorted { $0.lexicographicallyPrecedes($1) }
        writer.arrayHeader(prefixes.count)
        for prefix in prefixes { writer.bulk(prefix) }
    }
}
