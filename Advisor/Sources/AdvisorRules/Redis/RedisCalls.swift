import AdvisorCore
import SwiftSyntax

/// A call of a Redis client, told by its name and by what it is called on.
struct RedisCall {
    let call: FunctionCallExprSyntax
    /// The command in lower case.
    let command: String
    /// The arguments' texts without spaces; of dictionary literals the keys too.
    let arguments: [String]

    /// Modules of Redis and Valkey clients.
    private static let modules: Set<String> = [
        "RediStack", "Valkey", "StrataRedis", "SwiftRedis", "Redis", "SwiftyRedis",
    ]

    /// All calls of Redis commands below a node.
    static func all(in node: some SyntaxProtocol, of file: SourceFile) -> [RedisCall] {
        let imported = !file.facts.imports.isDisjoint(with: modules)
        return node.descendants(FunctionCallExprSyntax.self).compactMap { RedisCall($0, fileImportsClient: imported) }
    }

    private init?(_ call: FunctionCallExprSyntax, fileImportsClient: Bool) {
        guard let name = call.calledName?.lowercased(),
            let receiver = call.receiver?.bare.lastReference?.baseName.text.lowercased()
        else {
            return nil
        }
        let named = ["redis", "valkey"].contains { receiver.contains($0) }
        guard
            named
                || fileImportsClient
                    && ["client", "connection", "store", "remote", "pool", "db", "database"].contains(where: {
                        receiver.contains($0)
                    })
        else {
            return nil
        }
        // Only what is sent at once: a future or an await.
        guard
            call.parent?.is(AwaitExprSyntax.self) == true || call.parent?.as(TryExprSyntax.self) != nil
                || call.nearest(AwaitExprSyntax.self)?.enclosingBody?.id == call.enclosingBody?.id
        else { return nil }
        self.call = call
        command = name
        var texts: [String] = []
        for argument in call.arguments {
            if let dictionary = argument.expression.as(DictionaryExprSyntax.self),
                case .elements(let elements) = dictionary.content
            {
                texts += elements.map(\.key.comparableText)
            } else if let array = argument.expression.as(ArrayExprSyntax.self) {
                for element in array.elements {
                    texts.append(element.expression.comparableText)
                    if let call = element.expression.as(FunctionCallExprSyntax.self) {
                        texts += call.arguments.map(\.expression.comparableText)
                    }
                    if let tuple = element.expression.as(TupleExprSyntax.self) {
                        texts += tuple.elements.map(\.expression.comparableText)
                    }
                }
            } else {
                texts.append(argument.expression.comparableText)
            }
        }
        arguments = texts
    }
}
