import StrataRESP
import StrataRedis
import StrataTiering

/// What is done with replies from upstream.
extension SidecarConnection {
    func complete(_ treatment: Treatment, _ results: ArraySlice<Result<RESPValue, RedisError>>) {
        guard let first = results.first else { return writer.error("ERR there is no reply") }
        var value = RESPValue.null
        switch first {
        case .failure(let error):
            server.note(error)
            forgetChanged(treatment)
            return fail(treatment, error)
        case .success(let reply): value = reply
        }
        switch treatment {
        case .gathered, .summed, .allDone:
            var values: [RESPValue] = []
            for result in results {
                switch result {
                case .success(let value): values.append(value)
                case .failure(let error): values.append(.error(Array(Self.text(error).utf8)))
                }
            }
            forgetChanged(treatment)
            return completeSplit(treatment, values)
        default: break
        }
        let followers = results.dropFirst().map { try? $0.get() }
        switch treatment {
        case .passOn, .gathered, .summed, .allDone: writer.value(value)
        case .changed, .removedEverything:
            forgetChanged(treatment)
            writer.value(value)
        case .info:
            let text = value.text ?? ""
            writer.bulk(text + (text.isEmpty ? "" : "\r\n") + near.info(upstream: server.upstreamText))
        case .keepReply(let key, let name, let origin):
            let start = writer.count
            writer.value(value)
            guard let origin, !value.isError else { return }
            let reply = [UInt8](writer.bytes[start...])
            near.keep(reply: reply, name, of: key, origin, timeToLive: followers.first??.integer)
        case .keepFields(let key, let names, let origin, let isSingle):
            writer.value(value)
            guard let origin, !value.isError else { return }
            let values = isSingle ? [value] : value.elements ?? []
            guard values.count == names.count else { return }
            let lifetimes = followers.count > 1 ? (followers[1]?.elements ?? []).map { $0.integer ?? -1 } : []
            near.keep(
                fields: zip(names, values).map { ($0, $1.bytes) }, of: key, origin,
                timeToLive: followers.first??.integer, lifetimes: lifetimes)
        case .keepHash(let key, let origin):
            writer.value(value)
            guard let pairs = value.pairs, !value.isError else { return }
            // Whether fields have times of their own is told by the encoding alone, and only of small hashes.
            let isPlain = !near.asksForFieldDeadlines || followers.last??.text == "listpack" || pairs.isEmpty
            guard isPlain else { return }
            near.keep(
                fields: pairs.compactMap { pair in pair.key.bytes.map { ($0, pair.value.bytes) } }, of: key, origin,
                timeToLive: followers.first??.integer, areAll: true)
        case .keepStrings(let keys, let origins):
            writer.value(value)
            guard let values = value.elements, values.count == keys.count, followers.count == keys.count else { return }
            for index in keys.indices {
                guard let origin = origins[index] else { continue }
                scratch.version = writer.version
                scratch.removeAll()
                scratch.value(values[index])
                near.keep(
                    reply: [UInt8](scratch.bytes), NearCache.getName(version: writer.version), of: keys[index], origin,
                    timeToLive: followers[index]?.integer)
            }
        }
    }

    /// Forgets keys whose change was passed on, whatever became of it.
    private func forgetChanged(_ treatment: Treatment) {
        switch treatment {
        case .changed(let keys), .summed(let keys), .allDone(let keys):
            for key in keys { key.withUnsafeBytes { near.forget($0) } }
        case .removedEverything: near.forgetEverything()
        default: break
        }
    }

    /// Answers a request whose reply didn't come: with what is kept, if it may be served in need, else with an error.
    private func fail(_ treatment: Treatment, _ error: RedisError) {
        switch treatment {
        case .keepReply(let key, let name, _):
            if serve(key, name, isReply: true) { return }
        case .keepFields(let key, let names, _, let isSingle) where isSingle:
            if serve(key, NearCache.fieldName(names[0]), isReply: false) { return }
        default: break
        }
        writer.error(Self.text(error))
    }

    private func serve(_ key: [UInt8], _ name: [UInt8], isReply: Bool) -> Bool {
        key.withUnsafeBytes { key in
            name.withUnsafeBytes { name in
                near.tier.withGlance(key, name) { glance in
                    switch glance {
                    case .value(let bytes, _):
                        if isReply { writer.raw(bytes) } else { writer.bulk(bytes) }
                    case .missing: writer.null()
                    case .unknown: return false
                    }
                    near.statistics.add(.suspectsServed)
                    return true
                }
            }
        }
    }

    /// An error for a client; one word in front, as servers do it.
    static func text(_ error: RedisError) -> String {
        let message = error.message.map { $0.isNewline ? " " : $0 }
        switch error.code {
        case .timeout: return "TIMEOUT upstream: \(String(message))"
        case .unknownOutcome: return "UNKNOWNOUTCOME upstream: \(String(message))"
        case .overloaded: return "BUSY upstream: \(String(message))"
        case .unavailable, .connectionLost: return "UPSTREAMDOWN \(String(message))"
        default: return "ERR upstream: \(String(message))"
        }
    }
}
