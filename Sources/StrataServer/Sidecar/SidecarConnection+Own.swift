import NIOCore
import StrataRESP
import StrataRedis

/// Commands on the connection, which the sidecar answers itself, and transactions.
extension SidecarConnection {
    func takeOwn(_ arguments: RESPArguments) -> Bool {
        let command = arguments[0]
        if command.spells("PING") {
            guard arguments.count <= 2 else { return wrongArity("ping") }
            reply { if arguments.count == 2 { $0.bulk(arguments[1]) } else { $0.simpleString("PONG" as StaticString) } }
        } else if command.spells("ECHO") {
            guard arguments.count == 2 else { return wrongArity("echo") }
            reply { $0.bulk(arguments[1]) }
        } else if command.spells("HELLO") {
            // The version changes how replies are written: those before it have to be through.
            guard steps.isEmpty else { return false }
            hello(arguments)
        } else if command.spells("AUTH") {
            authenticate(arguments)
        } else if command.spells("QUIT") {
            reply { $0.simpleString("OK" as StaticString) }
            isClosing = true
        } else if command.spells("RESET") {
            guard steps.isEmpty else { return false }
            isAuthenticated = !server.passwords.isRequired
            parser.isUnauthenticated = !isAuthenticated
            name = []
            queued = nil
            writer.version = 2
            reply { $0.simpleString("RESET" as StaticString) }
        } else if command.spells("CLIENT") {
            clientCommand(arguments)
        } else if command.spells("INFO") {
            info(arguments)
        } else {
            // SELECT 0, READONLY, READWRITE: there is nothing to change.
            reply { $0.simpleString("OK" as StaticString) }
        }
        return true
    }

    private func wrongArity(_ command: String) -> Bool {
        reply { $0.error("ERR wrong number of arguments for '\(command)' command") }
        return true
    }

    private func authenticate(_ arguments: RESPArguments) {
        guard arguments.count == 2 || arguments.count == 3 else { return reply { $0.error("ERR syntax error") } }
        guard arguments.count == 3 || server.passwords.isRequired else {
            return reply {
                $0.error(
                    "ERR AUTH <password> called without any password configured for the default user. "
                        + "Are you sure your configuration is correct?")
            }
        }
        guard logIn(user: arguments.count == 3 ? arguments[1] : nil, arguments[arguments.count - 1]) else { return }
        reply { $0.simpleString("OK" as StaticString) }
    }

    private func logIn(user: UnsafeRawBufferPointer?, _ password: UnsafeRawBufferPointer) -> Bool {
        let isKnown = user.map { String(decoding: $0, as: UTF8.self) == "default" } ?? true
        // The password is compared in any case, so that the time tells nothing about the user's name.
        guard server.passwords.matches(password) && isKnown else {
            reply { $0.error("WRONGPASS invalid username-password pair or user is disabled.") }
            return false
        }
        isAuthenticated = true
        parser.isUnauthenticated = false
        return true
    }

    private func hello(_ arguments: RESPArguments) {
        var version = writer.version
        if arguments.count > 1 {
            guard let number = DecimalInteger.parse(arguments[1]) else {
                return reply { $0.error("ERR Protocol version is not an integer or out of range") }
            }
            guard number == 2 || number == 3 else { return reply { $0.error("NOPROTO unsupported protocol version") } }
            version = Int(number)
        }
        var index = 2
        while index < arguments.count {
            if arguments[index].spells("AUTH"), index + 2 < arguments.count {
                guard logIn(user: arguments[index + 1], arguments[index + 2]) else { return }
                index += 3
            } else if arguments[index].spells("SETNAME"), index + 1 < arguments.count {
                guard setName(arguments[index + 1]) else { return }
                index += 2
            } else {
                let option = String(decoding: arguments[index], as: UTF8.self)
                return reply { $0.error("ERR Syntax error in HELLO option '\(option)'") }
            }
        }
        guard isAuthenticated else {
            return reply {
                $0.error(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> "
                        + "<pass> option can be used to authenticate the client and select the RESP protocol version at the same time"
                )
            }
        }
        writer.version = version
        reply { writer in
            writer.mapHeader(7)
            writer.bulk("server")
            writer.bulk("redis")
            writer.bulk("version")
            writer.bulk(StrataVersion.redis)
            writer.bulk("proto")
            writer.integer(version)
            writer.bulk("id")
            writer.integer(identifier)
            writer.bulk("mode")
            writer.bulk("standalone")
            writer.bulk("role")
            writer.bulk("master")
            writer.bulk("modules")
            writer.arrayHeader(0)
        }
    }

    private func setName(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard ClientLabels.isValid(bytes) else {
            reply { $0.error(ClientLabels.invalidName.text) }
            return false
        }
        name = [UInt8](bytes)
        return true
    }

    private func clientCommand(_ arguments: RESPArguments) {
        guard arguments.count > 1 else {
            _ = wrongArity("client")
            return
        }
        let subcommand = arguments[1]
        if subcommand.spells("SETNAME"), arguments.count == 3 {
            if setName(arguments[2]) { reply { $0.simpleString("OK" as StaticString) } }
        } else if subcommand.spells("GETNAME") {
            reply { if name.isEmpty { $0.null() } else { $0.bulk(name) } }
        } else if subcommand.spells("ID") {
            reply { $0.integer(identifier) }
        } else if subcommand.spells("SETINFO") || subcommand.spells("NO-TOUCH") {
            reply { $0.simpleString("OK" as StaticString) }
        } else if subcommand.spells("INFO") {
            let address = context?.remoteAddress.map { "\($0)" } ?? ""
            reply {
                $0.bulk(
                    "id=\(identifier) addr=\(address) name=\(String(decoding: name, as: UTF8.self)) resp=\(writer.version)\n"
                )
            }
        } else {
            let text = String(decoding: subcommand, as: UTF8.self)
            reply {
                $0.error(
                    "ERR unknown subcommand or wrong number of arguments for '\(text)'. In front of an upstream, CLIENT knows SETNAME, GETNAME, ID, INFO and SETINFO."
                )
            }
        }
    }

    private func info(_ arguments: RESPArguments) {
        let asksOwn = (1..<arguments.count).contains { arguments[$0].spells("STRATA") }
        if asksOwn { return reply { $0.bulk(near.info(upstream: server.upstreamText)) } }
        let wantsAll =
            arguments.count == 1
            || ["ALL", "EVERYTHING", "DEFAULT"].contains { arguments[1].spells($0) }
        forward(Self.command(arguments), wantsAll ? .info : .passOn)
    }

    // MARK: Transactions

    /// Commands between `MULTI` and `EXEC` at most.
    private static let transactionLimit = 10_000
    /// Bytes of those at most.
    private static let transactionByteLimit = 256 << 20

    /// `MULTI`, `EXEC`, `DISCARD`: the commands between are kept here and sent together.
    func takeTransaction(_ arguments: RESPArguments) -> Bool {
        if arguments[0].spells("MULTI") {
            guard queued == nil else {
                reply { $0.error("ERR MULTI calls can not be nested") }
                return true
            }
            queued = []
            queuedKeys = []
            queuedByteCount = 0
            isTransactionBroken = false
            reply { $0.simpleString("OK" as StaticString) }
            return true
        }
        let isExecution = arguments[0].spells("EXEC")
        guard let queued else {
            reply { $0.error(isExecution ? "ERR EXEC without MULTI" : "ERR DISCARD without MULTI") }
            return true
        }
        if isExecution, !isTransactionBroken, !queued.isEmpty {
            // What is gathered goes first.
            guard steps.isEmpty else { return false }
            self.queued = nil
            execute(queued, queuedKeys)
            return true
        }
        self.queued = nil
        reply { writer in
            if !isExecution {
                writer.simpleString("OK" as StaticString)
            } else if isTransactionBroken {
                writer.error("EXECABORT Transaction discarded because of previous errors.")
            } else {
                writer.arrayHeader(0)
            }
        }
        return true
    }

    func enqueue(_ arguments: RESPArguments, _ kind: SidecarCommand.Kind) {
        for index in 0..<arguments.count { queuedByteCount += arguments[index].count }
        guard kind != .session, (queued?.count ?? 0) < Self.transactionLimit,
            queuedByteCount <= Self.transactionByteLimit
        else {
            isTransactionBroken = true
            return reply { writer in
                writer.error(
                    kind == .session
                        ? "ERR Command not allowed inside a transaction" : "ERR the transaction is too large")
            }
        }
        queued?.append(Self.command(arguments))
        queuedKeys += Self.keys(arguments)
        reply { $0.simpleString("QUEUED" as StaticString) }
    }

    private func execute(_ commands: [RedisCommand], _ keys: [[UInt8]]) {
        guard let eventLoop = context?.eventLoop else { return }
        flush()
        isWaiting = true
        for key in keys { key.withUnsafeBytes { near.forget($0) } }
        near.statistics.add(.passedOn, commands.count)
        let server = server
        Task {
            let result: Result<RESPValue, RedisError>
            do throws(RedisError) {
                result = .success(try await server.client.transaction(commands, timeout: SidecarServer.commandTimeout))
            } catch {
                result = .failure(error)
            }
            eventLoop.execute {
                for key in keys { key.withUnsafeBytes { self.near.forget($0) } }
                switch result {
                case .success(let value): self.writer.value(value)
                case .failure(let error):
                    server.note(error)
                    self.writer.error(Self.text(error))
                }
                self.goOn()
            }
        }
    }
}
