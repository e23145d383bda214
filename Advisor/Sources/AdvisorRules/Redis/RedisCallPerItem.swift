import AdvisorCore
import SwiftSyntax

/// Finds loops that send one command per turn and wait for each answer.
struct RedisCallPerItem: Rule {
    let id = "redis-call-per-item"
    let title = "One Redis call per field or key in a loop"
    let family = RuleFamily.redis
    let severity = Severity.warning
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            Each turn waits for a round trip, a tenth of a millisecond and more, where the server's work takes a microsecond. One command for all fields, or a pipeline, takes one round trip.
            """,
        example: """
            for field in fields {
                values.append(try await redis.hget(key, field: field))
            }
            """,
        fix: "let values = try await redis.hmget(key, fields: fields)",
        whenWrong:
            "Each command depends on the answer to the one before, or the loop must stop at the first answer that fits."
    )

    private static let bulk: [String: String] = [
        "hget": "HMGET", "hset": "HSET with all fields", "hdel": "HDEL with all fields", "get": "MGET",
        "set": "MSET or a pipeline", "del": "DEL with all keys",
        "delete": "DEL with all keys", "exists": "EXISTS with all keys or a pipeline", "hgetall": "a pipeline",
        "expire": "a pipeline", "incr": "a pipeline",
        "hincrby": "a pipeline", "sadd": "SADD with all members", "srem": "SREM with all members",
        "lpush": "LPUSH with all elements",
        "rpush": "RPUSH with all elements", "zadd": "ZADD with all members", "ttl": "a pipeline", "hexists": "HMGET",
        "setex": "a pipeline",
    ]

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for loop in file.facts.loops where loop.awaitKeyword == nil {
            let names = loop.namesOfTurn
            let leaves =
                !loop.body.descendants(BreakStmtSyntax.self, intoFunctions: false).isEmpty
                || !loop.body.descendants(ReturnStmtSyntax.self, intoFunctions: false).isEmpty
            guard !leaves else { continue }
            for call in RedisCall.all(in: loop.body, of: file) {
                guard let better = Self.bulk[call.command], call.call.innermostLoop()?.id == loop.id,
                    call.call.parent?.parent?.is(AwaitExprSyntax.self) == true
                        || call.call.parent?.is(AwaitExprSyntax.self) == true
                        || call.call.nearest(AwaitExprSyntax.self) != nil,
                    call.call.arguments.descendants(DeclReferenceExprSyntax.self).contains(where: {
                        names.contains($0.baseName.text)
                    })
                else { continue }
                // Commands on several fields take one key.
                let arguments = call.call.arguments
                let key = arguments.first { ["in", "from", "into", "of"].contains($0.label?.text) } ?? arguments.first
                let hasOneKey =
                    key?.expression.descendants(DeclReferenceExprSyntax.self)
                    .contains { names.contains($0.baseName.text) } != true
                let isOfKeys = ["get", "set", "del", "delete", "exists"].contains(call.command)
                report.report(
                    call.call, "Each turn of the loop waits for the answer to its own '\(call.command)'.",
                    suggestion: "Use \(hasOneKey || isOfKeys ? better : "a pipeline").")
            }
        }
    }
}
