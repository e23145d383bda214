/// A type as far as the source of one file shows it: no names resolved, no aliases followed.
public indirect enum TypeShape: Sendable, Hashable {
    /// `[Key: Value]`.
    case dictionary(key: TypeShape, value: TypeShape)
    /// `[Element]`.
    case array(TypeShape)
    /// `Set<Element>`.
    case set(TypeShape)
    /// `Wrapped?`.
    case optional(TypeShape)
    /// `(label: Element, …)`; `()` is the empty one.
    case tuple([TupleElement])
    /// `(…) -> …`.
    case function
    /// `any P`, with the names of its protocols.
    case existential([String])
    /// A named type with its generic arguments; the name is dotted as written.
    case named(String, [TypeShape])

    /// An element of a tuple.
    public struct TupleElement: Sendable, Hashable {
        /// The label, if it has one.
        public let label: String?
        /// The type.
        public let shape: TypeShape
    }

    /// A named type without generic arguments.
    public static func plain(_ name: String) -> TypeShape { .named(name, []) }

    /// The type under any number of optionals.
    public var unwrapped: TypeShape {
        if case .optional(let wrapped) = self { return wrapped.unwrapped }
        return self
    }

    /// Key and value, if this is a dictionary or an optional one.
    public var dictionaryParts: (key: TypeShape, value: TypeShape)? {
        if case .dictionary(let key, let value) = unwrapped { return (key, value) }
        return nil
    }

    /// The last part of a named type's name.
    public var simpleName: String? {
        guard case .named(let name, _) = self else { return nil }
        return name.split(separator: ".").last.map(String.init)
    }

    /// What a lock or a box like `Mutex<[K: V]>` protects, if this is one.
    public var protectedShape: TypeShape? {
        guard case .named(_, let arguments) = unwrapped, let name = unwrapped.simpleName else { return nil }
        guard TypeShape.protectingBoxes.contains(name), let first = arguments.first else { return nil }
        return first
    }

    /// Whether this is a lock that stands beside what it protects.
    public var isLock: Bool {
        guard let name = unwrapped.simpleName else { return false }
        return TypeShape.locks.contains(name) || TypeShape.protectingBoxes.contains(name)
    }

    /// Types that hold a value and let closures at it one after the other.
    static let protectingBoxes: Set<String> = [
        "Mutex", "NIOLockedValueBox", "OSAllocatedUnfairLock", "ManagedCriticalState", "LockIsolated", "LockedValue",
        "LockedState", "Locked", "Protected", "LockedValueBox", "CriticalState", "UnfairLocked",
    ]

    /// Types that only lock.
    static let locks: Set<String> = [
        "NSLock", "NSRecursiveLock", "NIOLock", "Lock", "UnfairLock", "ReadWriteLock", "RWLock", "OSUnfairLock",
        "os_unfair_lock", "os_unfair_lock_s", "pthread_mutex_t", "pthread_rwlock_t", "NSCondition", "NSConditionLock",
        "ConditionLock", "RecursiveLock", "SpinLock", "DispatchSemaphore", "ShardLock", "AllocatedLock", "UnsafeMutex",
    ]

    /// Adds the names of the types that collections within this shape hold.
    func addElementNames(to names: inout Set<String>) {
        switch self {
        case .array(let element), .set(let element): element.addOwnName(to: &names)
        case .dictionary(let key, let value):
            key.addOwnName(to: &names)
            value.addOwnName(to: &names)
        case .optional(let wrapped): wrapped.addElementNames(to: &names)
        case .tuple(let elements): for element in elements { element.shape.addElementNames(to: &names) }
        case .named(let name, let arguments):
            let isCollection = ["Array", "Deque", "Pointer", "Heap", "Map", "Cache", "Buffer", "List", "Tree"].contains
            { name.contains($0) }
            for argument in arguments {
                if isCollection { argument.addOwnName(to: &names) } else { argument.addElementNames(to: &names) }
            }
        case .function, .existential: break
        }
    }

    /// Adds the names of the types that are keys of dictionaries or elements of sets within this shape.
    func addKeyNames(to names: inout Set<String>) {
        switch self {
        case .dictionary(let key, let value):
            if let name = key.unwrapped.simpleName { names.insert(name) }
            value.addKeyNames(to: &names)
        case .set(let element):
            if let name = element.unwrapped.simpleName { names.insert(name) }
        case .array(let wrapped), .optional(let wrapped): wrapped.addKeyNames(to: &names)
        case .tuple(let elements): for element in elements { element.shape.addKeyNames(to: &names) }
        case .named(_, let arguments): for argument in arguments { argument.addKeyNames(to: &names) }
        case .function, .existential: break
        }
    }

    private func addOwnName(to names: inout Set<String>) {
        if let name = unwrapped.simpleName { names.insert(name) }
        addElementNames(to: &names)
    }
}
