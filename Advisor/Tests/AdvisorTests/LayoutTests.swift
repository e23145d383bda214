import AdvisorCore
import AdvisorLayout
import Foundation
import Synchronization
import Testing

/// Layouts that are computed from source against those that the compiler chose.
@Suite struct LayoutTests {
    struct Compiled: Sendable, CustomTestStringConvertible {
        let name: String
        let size: Int
        let stride: Int
        let alignment: Int
        var testDescription: String { name }

        init<Value: ~Copyable>(_ type: Value.Type, name: String) {
            self.name = name
            size = MemoryLayout<Value>.size
            stride = MemoryLayout<Value>.stride
            alignment = MemoryLayout<Value>.alignment
        }
    }

    static let project: Project = {
        let path = TestFiles.path("AdvisorTests/LayoutFixtures.swift")
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return Project(text: text ?? "", path: path)
    }()

    static let declared: [Compiled] = [
        Compiled(LayoutPoint.self, name: "LayoutPoint"), Compiled(LayoutMixed.self, name: "LayoutMixed"),
        Compiled(LayoutOptionals.self, name: "LayoutOptionals"),
        Compiled(LayoutCollections.self, name: "LayoutCollections"),
        Compiled(LayoutReferences.self, name: "LayoutReferences"),
        Compiled(LayoutExistentials.self, name: "LayoutExistentials"),
        Compiled(LayoutEmptyCases.self, name: "LayoutEmptyCases"),
        Compiled(LayoutSingleCase.self, name: "LayoutSingleCase"),
        Compiled(LayoutOnePayload.self, name: "LayoutOnePayload"),
        Compiled(LayoutReferencePayload.self, name: "LayoutReferencePayload"),
        Compiled(LayoutSeveralPayloads.self, name: "LayoutSeveralPayloads"),
        Compiled(LayoutStrings.self, name: "LayoutStrings"),
        Compiled(LayoutTwoTables.self, name: "LayoutTwoTables"),
        Compiled(LayoutObjectOrByte.self, name: "LayoutObjectOrByte"),
        Compiled(LayoutTree.self, name: "LayoutTree"), Compiled(LayoutEnums.self, name: "LayoutEnums"),
        Compiled(LayoutTuples.self, name: "LayoutTuples"), Compiled(LayoutFoundation.self, name: "LayoutFoundation"),
        Compiled(LayoutPointers.self, name: "LayoutPointers"), Compiled(LayoutAtomics.self, name: "LayoutAtomics"),
        Compiled(LayoutEmpty.self, name: "LayoutEmpty"), Compiled(LayoutNested.self, name: "LayoutNested"),
        Compiled(LayoutNested.Inner.self, name: "LayoutNested.Inner"),
    ]

    @Test(arguments: declared)
    func agreesWithTheCompiler(compiled: Compiled) throws {
        let record = try #require(Self.project.index.type(named: compiled.name))
        let layout = try LayoutCalculator(index: Self.project.index).layout(of: record)
        #expect(layout.size == compiled.size)
        #expect(layout.stride == compiled.stride)
        #expect(layout.alignment == compiled.alignment)
    }

    /// Each with an optional around it too: that shows whether the unused patterns are counted right.
    static let known: [(shape: String, plain: Compiled, optional: Compiled)] = [
        pair(Int.self), pair(UInt8.self), pair(Int16.self), pair(UInt32.self), pair(Int64.self), pair(Int128.self),
        pair(Float.self),
        pair(Double.self), pair(Bool.self), pair(String.self), pair(Character.self), pair(Substring.self),
        pair(StaticString.self),
        pair(AnyHashable.self), pair(ObjectIdentifier.self), pair(OpaquePointer.self), pair(UnsafeRawPointer.self),
        pair(UnsafeRawBufferPointer.self), pair(Duration.self), pair(UUID.self), pair(Date.self), pair(Data.self),
        pair(NSLock.self),
        pair(ContinuousClock.Instant.self, name: "ContinuousClock.Instant"), pair([Int].self, name: "[Int]"),
        pair([Int: Bool].self, name: "[Int: Bool]"), pair(Set<Int>.self, name: "Set<Int>"),
        pair(ArraySlice<Int>.self, name: "ArraySlice<Int>"),
        pair(UnsafeBufferPointer<Int>.self, name: "UnsafeBufferPointer<Int>"),
        pair(Range<Int>.self, name: "Range<Int>"),
        pair((() -> Void).self, name: "() -> Void"), pair((any Error).self, name: "any Error"),
        pair(Any.self, name: "Any"),
        pair(Optional<Bool>.self, name: "Bool?"), pair(Optional<Int>.self, name: "Int?"),
        pair(Optional<String>.self, name: "String?"),
        pair((Bool, Int).self, name: "(Bool, Int)"),
    ]

    private static func pair<Value>(_ type: Value.Type, name: String? = nil) -> (
        shape: String, plain: Compiled, optional: Compiled
    ) {
        let name = name ?? "\(type)"
        return (name, Compiled(Value.self, name: name), Compiled(Optional<Value>.self, name: "(\(name))?"))
    }

    @Test func knowsTheLibrariesTypes() throws {
        for (shape, plain, optional) in Self.known {
            let project = Project(text: "struct Holder {\n    var value: \(shape)\n    var maybe: (\(shape))?\n}\n")
            let record = try #require(project.index.type(named: "Holder"))
            let calculator = LayoutCalculator(index: project.index)
            for (property, compiled) in zip(record.storedProperties, [plain, optional]) {
                let layout = try calculator.layout(of: try #require(property.shape, "\(shape)"))
                #expect(layout.size == compiled.size, "\(compiled.name)")
                #expect(layout.alignment == compiled.alignment, "\(compiled.name)")
            }
        }
    }

    @Test func knowsWhereFieldsLie() throws {
        let record = try #require(Self.project.index.type(named: "LayoutMixed"))
        let report = try LayoutCalculator(index: Self.project.index).report(on: record)
        #expect(
            report.fields.map { Optional($0.offset) } == [
                MemoryLayout<LayoutMixed>.offset(of: \.flag), MemoryLayout<LayoutMixed>.offset(of: \.count),
                MemoryLayout<LayoutMixed>.offset(of: \.small), MemoryLayout<LayoutMixed>.offset(of: \.half),
                MemoryLayout<LayoutMixed>.offset(of: \.word), MemoryLayout<LayoutMixed>.offset(of: \.tail),
            ])
        #expect(report.stride == 32)
        #expect(report.betterStride == 24)
        #expect(report.padding == 15)
    }

    @Test func knowsInstances() throws {
        let calculator = LayoutCalculator(index: Self.project.index)
        let object = try calculator.report(on: try #require(Self.project.index.type(named: "LayoutObject")))
        #expect(usableSize(of: LayoutObject()) == allocatedSize(object.size))
        let subclass = try calculator.report(on: try #require(Self.project.index.type(named: "LayoutSubclass")))
        #expect(usableSize(of: LayoutSubclass()) == allocatedSize(subclass.size))
    }

    /// What the allocator gave an object.
    private func usableSize(of object: AnyObject) -> Int {
        mallocUsableSize(Unmanaged.passUnretained(object).toOpaque())
    }

    /// What glibc's allocator gives for a size: multiples of 16 with a word for itself, at least 24.
    private func allocatedSize(_ size: Int) -> Int { max(24, (size + 8 + 15) / 16 * 16 - 8) }

    @Test func saysWhatItDoesNotKnow() throws {
        let project = Project(text: "struct A { var buffer: ByteBuffer }\nstruct B<T> { var value: T }\n")
        let calculator = LayoutCalculator(index: project.index)
        for name in ["A", "B"] {
            let record = try #require(project.index.type(named: name))
            #expect(throws: UnknownLayout.self) { try calculator.report(on: record) }
        }
    }

    @Test func countsLinesThatElementsTouch() {
        #expect(LayoutReport.linesPerElement(size: 64, stride: 64) == 1)
        #expect(LayoutReport.linesPerElement(size: 8, stride: 8) == 1)
        // 48 bytes: of four elements, the second and the third cross a line.
        #expect(LayoutReport.linesPerElement(size: 48, stride: 48) == 1.5)
    }

    /// For seeded random fields, the order that is proposed is never larger, and no permutation of few fields is smaller.
    @Test(arguments: [UInt64](1...40))
    func proposesTheBestOrder(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let types = ["Bool", "UInt8", "Int16", "Int32", "Int", "Double", "String", "Int?", "Int32?", "Bool?"]
        let count = Int.random(in: 2...5, using: &generator)
        let fields = (0..<count).map { "    var f\($0): \(types.randomElement(using: &generator) ?? "Int")\n" }
        let project = Project(text: "struct S {\n\(fields.joined())}\n")
        let report = try LayoutCalculator(index: project.index).report(on: try #require(project.index.type(named: "S")))
        var smallest = Int.max
        for order in permutations(Array(fields.indices)) {
            let other = Project(text: "struct S {\n\(order.map { fields[$0] }.joined())}\n")
            smallest = min(
                smallest,
                try LayoutCalculator(index: other.index).report(on: try #require(other.index.type(named: "S"))).stride)
        }
        #expect(report.betterStride == smallest, "seed \(seed): \(fields)")
    }

    private func permutations(_ items: [Int]) -> [[Int]] {
        guard items.count > 1 else { return [items] }
        return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
    }
}

/// The C function, which Foundation doesn't show.
@_silgen_name("malloc_usable_size") private func mallocUsableSize(_ pointer: UnsafeMutableRawPointer) -> Int

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
