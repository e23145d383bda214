public import SwiftSyntax

/// A type with all that its declaration and its extensions in the package say.
public struct TypeRecord: Sendable {
    /// What declares it.
    public enum Kind: Sendable {
        /// `struct`.
        case structure
        /// `class`.
        case object
        /// `actor`.
        case actor
        /// `enum`.
        case enumeration
        /// `protocol`.
        case `protocol`
        /// Only extensions were seen: the type is another module's.
        case external
    }

    /// The name with those of the types around it: `Outer.Inner`.
    public let name: String
    /// What declares it.
    public internal(set) var kind: Kind
    /// The file's index in the project; of the first extension where the declaration wasn't seen.
    public internal(set) var file: Int
    /// The declaration, if it was seen.
    public internal(set) var declaration: DeclSyntax?
    /// What stands after the colon, in the declaration and in extensions, as plain names.
    public internal(set) var inherited: Set<String> = []
    /// Of the inherited names, those of the declaration itself, in order.
    public internal(set) var ownInherited: [String] = []
    /// Names of attributes such as `MainActor` and `unchecked Sendable`.
    public internal(set) var attributes: [String] = []
    /// `final`, `public`, … of the declaration.
    public internal(set) var modifiers: [String] = []
    /// Whether it has generic parameters.
    public internal(set) var isGeneric = false
    /// Names of generic parameters.
    public internal(set) var genericParameters: [String] = []
    /// Stored and computed, of instances and of the type, in order of declaration.
    public internal(set) var properties: [PropertyRecord] = []
    /// What its functions give back, by name; only names that have one shape.
    public internal(set) var results: [String: TypeShape?] = [:]
    /// The functions and initializers with their bodies.
    public internal(set) var functions: [FunctionRecord] = []
    /// Cases of an enumeration.
    public internal(set) var cases: [EnumCaseElementSyntax] = []
    /// Whether the declaration contains `#if`, so that what is stored can't be told.
    public internal(set) var hasConditionalMembers = false
    /// Whether it says `@unchecked Sendable` somewhere.
    public internal(set) var isUncheckedSendable = false
    /// Whether it has a `deinit`.
    public internal(set) var hasDeinitializer = false
    /// How many declarations had this name.
    public internal(set) var declarationCount = 0

    /// Properties of instances that take memory, in order.
    public var storedProperties: [PropertyRecord] { properties.filter { $0.isStored && !$0.isStatic } }

    /// Whether one of its stored properties is a lock or a box with one.
    public var holdsLock: Bool { properties.contains { $0.isStored && $0.shape?.isLock == true } }

    /// The last part of the name.
    public var simpleName: String { name.split(separator: ".").last.map(String.init) ?? name }

    /// Whether a global actor's attribute stands on it.
    public var isGloballyIsolated: Bool { attributes.contains { $0.hasSuffix("Actor") } }
}

/// A function, an initializer, an accessor or a subscript with a body.
public struct FunctionRecord: Sendable {
    /// The name; `init`, `deinit`, `subscript` or the property's name for others.
    public let name: String
    /// The file's index in the project.
    public let file: Int
    /// The body.
    public let body: Syntax
    /// The whole declaration.
    public let declaration: Syntax
    /// Whether it is `async`.
    public let isAsync: Bool
    /// Whether it belongs to the type, not to its values.
    public let isStatic: Bool
}
