import Foundation
import Synchronization

// The types whose layouts the tests compute from this file's source and compare with what the compiler made of it.
// Their properties are never read.

struct LayoutPoint {
    var x: Double
    var y: Double
}

struct LayoutMixed {
    var flag: Bool
    var count: Int
    var small: UInt8
    var half: Int16
    var word: Int32
    var tail: Bool
}

struct LayoutOptionals {
    var a: Int?
    var b: Bool?
    var c: UInt8?
    var d: String?
    var e: Double?
    var f: LayoutPoint?
    var g: [Int]?
    var h: Bool??
    var i: Int??
}

struct LayoutCollections {
    var name: String
    var list: [Int]
    var table: [String: Int]
    var set: Set<Int>
    var character: Character
    var slice: Substring
    var part: ArraySlice<Int>
}

struct LayoutReferences {
    var object: LayoutObject
    var maybe: LayoutObject?
    weak var watcher: LayoutObject?
    unowned var owner: LayoutObject
    var action: () -> Void
    var handler: ((Int) -> Int)?
}

protocol LayoutProtocol {}
protocol LayoutObjectProtocol: AnyObject {}

struct LayoutExistentials {
    var one: any LayoutProtocol
    var object: any LayoutObjectProtocol
    var anything: Any
    var error: any Error
    var both: any LayoutProtocol & LayoutObjectProtocol
    var optional: (any LayoutProtocol)?
    var any: AnyObject
}

enum LayoutEmptyCases: UInt8 {
    case a
    case b
    case c
}

enum LayoutSingleCase { case only }

enum LayoutOnePayload {
    case number(Int)
    case none
    case unknown
}

enum LayoutReferencePayload {
    case object(LayoutObject)
    case none
    case other
}

enum LayoutSeveralPayloads {
    case number(Int)
    case pair(Int32, Int32)
    case nothing
}

enum LayoutStrings {
    case text(String)
    case number(Int)
    case flag(Bool)
}

enum LayoutTwoTables {
    case numbers([Int: Int])
    case names([Int: Int])
}

enum LayoutObjectOrByte {
    case object(LayoutObject)
    case byte(UInt8)
}

indirect enum LayoutTree {
    case leaf(Int)
    case node(LayoutTree, LayoutTree)
}

struct LayoutEnums {
    var a: LayoutEmptyCases
    var b: LayoutEmptyCases?
    var c: LayoutOnePayload
    var d: LayoutReferencePayload
    var e: LayoutSeveralPayloads
    var f: LayoutStrings
    var g: LayoutTree
    var h: LayoutSingleCase
}

struct LayoutTuples {
    var flag: Bool
    var pair: (Int32, Bool)
    var after: Bool
    var range: Range<Int>
    var closed: ClosedRange<UInt8>
    var empty: ()
}

struct LayoutFoundation {
    var id: UUID
    var date: Date
    var data: Data
    var seconds: TimeInterval
    var duration: Duration
    var instant: ContinuousClock.Instant
    var lock: NSLock
}

struct LayoutPointers {
    var raw: UnsafeRawPointer
    var typed: UnsafeMutablePointer<Int>?
    var buffer: UnsafeBufferPointer<Int>
    var optionalBuffer: UnsafeMutableRawBufferPointer?
    var object: ObjectIdentifier
}

struct LayoutAtomics: ~Copyable {
    let flag: Atomic<Bool>
    let count: Atomic<Int>
    let small: Atomic<UInt8>
    let lock: Mutex<Int>
    let table: Mutex<[Int: Int]>
}

struct LayoutEmpty {}

struct LayoutNested {
    struct Inner {
        var byte: UInt8
        var word: UInt32
    }
    var inner: Inner
    var byte: UInt8
    var other: Inner
    static let shared = 5
    var computed: Int { 5 }
    lazy var later: Int = 7
}

class LayoutObject {
    var flag = true
    var number: Int = 0
    var other: Bool = false
}

final class LayoutSubclass: LayoutObject {
    var extra: UInt8 = 0
    var name: String = ""
}
