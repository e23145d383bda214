import NIOCore
import Strata
import StrataRESP

extension ClientCommands {
    /// What the clients to be closed have in common; what isn't set doesn't matter.
    private struct Filter {
        var address: String?
        var localAddress: String?
        var kind: ClientKind?
        var identifier: UInt64?
        var maximumAge: Int64?
        var skipsCaller = true

        func includes(_ client: Client, now: Int64) -> Bool {
            if let address, client.status.remoteAddress != address { return false }
            if let localAddress, client.status.localAddress != localAddress { return false }
            if let kind, !kind.includes(client) { return false }
            if let identifier, client.identifier != identifier { return false }
            if let maximumAge, (now - client.status.createdAt) / 1000 < maximumAge { return false }
            return true
        }
    }

    static func kill(_ context: CommandContext) throws(CommandError) {
        var filter = Filter()
        let isOldForm = context.arguments.count == 3
        if isOldForm {
            filter.address = text(context, 2)
            filter.skipsCaller = false
        } else {
            try readOptions(context, into: &filter)
        }
        var killedCount = 0
        for client in context.server.clients.all() where filter.includes(client, now: context.now) {
            if client === context.client {
                if filter.skipsCaller { continue }
                client.closeAfterReply()
            } else {
                client.worker.eventLoop.execute { client.close() }
            }
            killedCount += 1
        }
        if !isOldForm {
            context.writer.integer(killedCount)
        } else if killedCount == 0 {
            throw CommandError("ERR No such client")
        } else {
            context.writer.ok()
        }
    }

    private static func readOptions(_ context: CommandContext, into filter: inout Filter) throws(CommandError) {
        var index = 2
        while index < context.arguments.count {
            guard index + 1 < context.arguments.count else { throw .syntax }
            let value = context.arguments[index + 1]
            if context.argument(index, is: "ID") {
                guard let number = DecimalInteger.parse(value), number > 0 else {
                    throw CommandError("ERR client-id should be greater than 0")
                }
                filter.identifier = UInt64(number)
            } else if context.argument(index, is: "MAXAGE") {
                guard let age = DecimalInteger.parse(value) else {
                    throw CommandError("ERR maxage is not an integer or out of range")
                }
                guard age > 0 else { throw CommandError("ERR maxage should be greater than 0") }
                filter.maximumAge = age
            } else if context.argument(index, is: "TYPE") {
                filter.kind = try ClientKind(value)
            } else if context.argument(index, is: "ADDR") {
                filter.address = text(context, index + 1)
            } else if context.argument(index, is: "LADDR") {
                filter.localAddress = text(context, index + 1)
            } else if context.argument(index, is: "USER") {
                let user = text(context, index + 1)
                guard user == "default" else { throw CommandError("ERR No such user '\(user)'") }
            } else if context.argument(index, is: "SKIPME") {
                guard value.spells("YES") || value.spells("NO") else { throw .syntax }
                filter.skipsCaller = value.spells("YES")
            } else {
                throw .syntax
            }
            index += 2
        }
    }

    private static func text(_ context: CommandContext, _ index: Int) -> String {
        String(decoding: context.arguments[index], as: UTF8.self)
    }
}
