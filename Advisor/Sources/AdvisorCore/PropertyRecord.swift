public import SwiftSyntax

/// A variable of a type or of a file, as declared.
public struct PropertyRecord: Sendable {
    /// Its name.
    public let name: String
    /// Its type, if the annotation or the initial value shows it.
    public let shape: TypeShape?
    /// Whether it is declared with `let`.
    public let isConstant: Bool
    /// Whether it belongs to the type, not to its values; false for a file's variables.
    public let isStatic: Bool
    /// Whether it is `private` or `fileprivate`.
    public let isPrivate: Bool
    /// Whether it is `public` or `open`.
    public let isPublic: Bool
    /// Whether it takes memory: not computed.
    public let isStored: Bool
    /// Whether it is `lazy`.
    public let isLazy: Bool
    /// Whether it is `weak` or `unowned`.
    public let isWeak: Bool
    /// Names of attributes such as `MainActor` and `ThreadLocal`.
    public let attributes: [String]
    /// Whether it says `nonisolated(unsafe)`.
    public let isNonisolatedUnsafe: Bool
    /// The declaration.
    public let declaration: VariableDeclSyntax
    /// The binding within the declaration.
    public let binding: PatternBindingSyntax

    /// The variable that a binding declares; nil where the pattern is not a name.
    public init?(_ declaration: VariableDeclSyntax, binding: PatternBindingSyntax) {
        guard let identifier = binding.pattern.as(IdentifierPatternSyntax.self) else { return nil }
        name = identifier.identifier.text
        if let annotation = binding.typeAnnotation ?? PropertyRecord.laterAnnotation(declaration, of: binding) {
            shape = TypeShape(annotation.type)
        } else if let value = binding.initializer?.value {
            shape = TypeShape(literal: value)
        } else {
            shape = nil
        }
        isConstant = declaration.bindingSpecifier.tokenKind == .keyword(.let)
        let modifiers = declaration.modifiers.map { $0.name.text }
        isStatic = modifiers.contains("static") || modifiers.contains("class")
        isPrivate = declaration.modifiers.contains { modifier in
            ["private", "fileprivate"].contains(modifier.name.text) && modifier.detail == nil
        }
        isPublic = modifiers.contains("public") || modifiers.contains("open")
        isLazy = modifiers.contains("lazy")
        isWeak = modifiers.contains("weak") || modifiers.contains("unowned")
        isNonisolatedUnsafe = declaration.modifiers.contains {
            $0.name.text == "nonisolated" && $0.detail?.detail.text == "unsafe"
        }
        attributes = declaration.attributes.names
        self.declaration = declaration
        self.binding = binding
        isStored = !binding.isComputed
    }

    /// In `var a, b: Int` the type stands with the last.
    private static func laterAnnotation(
        _ declaration: VariableDeclSyntax, of binding: PatternBindingSyntax
    ) -> TypeAnnotationSyntax? {
        guard binding.initializer == nil, declaration.bindings.count > 1 else { return nil }
        return declaration.bindings.first { $0.position > binding.position && $0.typeAnnotation != nil }?.typeAnnotation
    }
}

extension PatternBindingSyntax {
    /// Whether it has a getter of its own, and so no memory.
    public var isComputed: Bool {
        guard let block = accessorBlock else { return false }
        guard case .accessors(let accessors) = block.accessors else { return true }
        return accessors.contains { !["willSet", "didSet"].contains($0.accessorSpecifier.text) }
    }
}

extension AttributeListSyntax {
    /// The names of all attributes but those in `#if`.
    public var names: [String] {
        var result: [String] = []
        for element in self {
            if case .attribute(let attribute) = element { result.append(attribute.attributeName.trimmedDescription) }
        }
        return result
    }
}
