import AdvisorCore
import SwiftSyntax

/// Finds fields that are fetched, changed by the client, and written back.
struct RedisReadModifyWrite: Rule {
    let id = "redis-read-modify-write"
    let title = "Redis value fetched, changed and written back by the client"
    let family = RuleFamily.redis
    let severity = Severity.warning
    let isOnByDefault = true
    let explanation = RuleExplanation(
        reason: """
            Another client may write between the two commands, and its write is lost. It also takes two round trips where one would do.
            """,
        example: """
            let visits = try await redis.hget(key, field: "visits").flatMap(Int.init) ?? 0
            try await redis.hset(key, field: "visits", value: String(visits + 1))
            """,
        fix: "try await redis.hincrby(key, field: \"visits\", increment: 1)   // or WATCH/MULTI, or a script",
        whenWrong: "Only this client ever writes the key.")

    private static let pairs: [String: Set<String>] = [
        "hget": ["hset", "hmset"], "get": ["set", "setex"], "hmget": ["hset", "hmset"],
    ]
    private static let atomic: Set<String> = [
        "watch", "multi", "eval", "evalsha", "transaction", "fcall", "withtransaction", "hsetnx", "setnx",
    ]

    func check(_ file: SourceFile, in project: Project, report: inout Reporter) {
        for function in file.facts.functions {
            let calls = RedisCall.all(in: function.body, of: file)
            guard calls.count >= 2, !calls.contains(where: { Self.atomic.contains($0.command) }) else { continue }
            for (position, write) in calls.enumerated() where position > 0 {
                guard
                    let read = calls[..<position].first(where: { read in
                        guard Self.pairs[read.command]?.contains(write.command) == true, !read.arguments.isEmpty else {
                            return false
                        }
                        return read.arguments.allSatisfy(write.arguments.contains)
                    }), dependsOnRead(write, read, in: function.body)
                else { continue }
                report.report(
                    write.call,
                    "What another client writes between '\(read.command)' and this '\(write.command)' is lost.",
                    suggestion: write.command.hasPrefix("h")
                        ? "Use HINCRBY for numbers, else WATCH and MULTI, or a script."
                        : "Use INCRBY for numbers, else WATCH and MULTI, or a script.")
            }
        }
    }

    /// Whether what is written is computed from a variable that got what was read.
    private func dependsOnRead(_ write: RedisCall, _ read: RedisCall, in body: Syntax) -> Bool {
        var names: Set<String> = []
        var node = read.call.parent
        while let current = node, names.isEmpty {
            if let declaration = current.as(PatternBindingSyntax.self) {
                names.insert(declaration.pattern.trimmedDescription)
            }
            if let condition = current.as(OptionalBindingConditionSyntax.self) {
                names.insert(condition.pattern.trimmedDescription)
            }
            if current.is(CodeBlockItemSyntax.self) { break }
            node = current.parent
        }
        guard !names.isEmpty else { return false }
        // One step further for each variable that is computed from these.
        for declaration in body.descendants(PatternBindingSyntax.self)
        where declaration.position > read.call.position && declaration.position < write.call.position {
            let used = declaration.initializer?.value.descendants(DeclReferenceExprSyntax.self).contains {
                names.contains($0.baseName.text)
            }
            if used == true { names.insert(declaration.pattern.trimmedDescription) }
        }
        return write.call.arguments.descendants(DeclReferenceExprSyntax.self).contains {
            names.contains($0.baseName.text)
        }
    }
}
