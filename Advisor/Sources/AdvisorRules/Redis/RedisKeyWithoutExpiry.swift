import AdvisorCore
import SwiftSyntax

/// Finds keys that are written and never expire.
struct RedisKeyWithoutExpiry: Rule {
    let id = "redis-key-without-expiry"
    let title = "Redis key written without an expiry"
    let family = RuleFamily.redis
    let severity = Severity.note
    let isOnByDefault = false
    let explanation = RuleExplanation(
        reason: """
            A key under a name that comes from outside stays until somebody deletes it. Without an expiry the server fills up with keys that nobody asks for any more.
            """,
        example: "try await redis.set(\"session:\\(id)\", value: token)",
        fix: "try await redis.set(\"session:\\(id)\", value: token, expiration: .seconds(3600))",
        whenWrong: "The key is data, not a cache or a session; or something else deletes it.")

    private static let expiring: Set<String> = [
        "expire", "pexpire", "expireat", "pexpireat", "setex", "psetex", "hexpire", "hpexpire", "getex", "hsetex",
        "del", "delete", "unlink", "hdel",
    ]

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        let all = RedisCall.all(in: file.tree, of: file)
        guard !all.contains(where: { Self.expiring.contains($0.command) }) else { return }
        for call in all where ["set", "hset", "hmset"].contains(call.command) {
            let labels = call.call.arguments.compactMap { $0.label?.text.lowercased() }
            guard
                !labels.contains(where: { label in
                    ["expir", "ttl", "seconds", "ex", "px", "after", "deadline", "keepttl"].contains {
                        label.hasPrefix($0)
                    }
                }),
                !call.call.arguments.descendants(MemberAccessExprSyntax.self).contains(where: { member in
                    ["seconds", "milliseconds", "ex", "px", "minutes", "hours"].contains(member.declName.baseName.text)
                }),
                call.call.arguments.contains(where: { hasVariablePart($0.expression) })
            else { continue }
            report.report(
                call.call, "Nothing in this file gives the key that is written here an expiry or deletes it.",
                suggestion: "Write it with an expiry, or call EXPIRE.")
        }
    }

    /// Whether the key is one of many.
    private func hasVariablePart(_ key: ExprSyntax) -> Bool {
        if let literal = key.as(StringLiteralExprSyntax.self) {
            return literal.segments.contains { $0.is(ExpressionSegmentSyntax.self) }
        }
        return !key.isLiteral
    }
}
