import AdvisorCore

extension TypeShape {
    /// The type as it would be written.
    var text: String {
        switch self {
        case .dictionary(let key, let value): "[\(key.text): \(value.text)]"
        case .array(let element): "[\(element.text)]"
        case .set(let element): "Set<\(element.text)>"
        case .optional(let wrapped): wrapped == .function ? "(closure)?" : "\(wrapped.text)?"
        case .tuple(let elements): "(" + elements.map(\.shape.text).joined(separator: ", ") + ")"
        case .function: "closure"
        case .existential(let names): names.isEmpty ? "Any" : "any " + names.joined(separator: " & ")
        case .named(let name, let arguments):
            arguments.isEmpty ? name : name + "<" + arguments.map(\.text).joined(separator: ", ") + ">"
        }
    }
}
