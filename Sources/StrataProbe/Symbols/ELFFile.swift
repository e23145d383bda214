import Foundation

/// What is read of an executable's or library's file: its sections, its functions, how it is linked.
///
/// Every offset comes from the file and is checked; a file that is damaged has fewer sections or symbols, and is none at worst.
struct ELFFile {
    struct Section {
        var name: String
        var type: UInt32
        var offset: Int
        var size: Int
        var link: Int
        var entrySize: Int
    }

    struct Symbol {
        var address: UInt64
        var size: UInt64
        var name: String
    }

    private let bytes: Data
    /// The processor it is for, as in the format's table: 62 is x86-64, 183 is 64-bit Arm.
    let machine: Int
    /// Whether it asks for a dynamic linker.
    let hasInterpreter: Bool
    let sections: [Section]

    /// Reads the parts of a file that say what is in it; `nil` if it isn't a 64-bit little-endian ELF file.
    init?(path: String) {
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { return nil }
        self.init(bytes)
    }

    init?(_ bytes: Data) {
        self.bytes = bytes
        guard bytes.count >= 64, bytes.prefix(6).elementsEqual([0x7f, 0x45, 0x4c, 0x46, 2, 1]) else { return nil }
        machine = Int(bytes.number(at: 18, as: UInt16.self) ?? 0)
        hasInterpreter = Self.programHeaders(bytes).contains { $0 == 3 }
        sections = Self.sections(bytes)
    }

    private static func programHeaders(_ bytes: Data) -> [UInt32] {
        guard let offset = bytes.number(at: 32, as: UInt64.self).flatMap(Int.init(exactly:)),
            let size = bytes.number(at: 54, as: UInt16.self), let count = bytes.number(at: 56, as: UInt16.self)
        else { return [] }
        return (0..<Int(count)).compactMap { bytes.number(at: offset &+ $0 * Int(size), as: UInt32.self) }
    }

    private static func sections(_ bytes: Data) -> [Section] {
        guard let start = bytes.number(at: 40, as: UInt64.self).flatMap(Int.init(exactly:)),
            let size = bytes.number(at: 58, as: UInt16.self), size >= 64,
            let count = bytes.number(at: 60, as: UInt16.self), let names = bytes.number(at: 62, as: UInt16.self)
        else { return [] }
        var found: [(name: Int, section: Section)] = []
        for index in 0..<Int(count) {
            let place = start &+ index * Int(size)
            guard let name = bytes.number(at: place, as: UInt32.self),
                let type = bytes.number(at: place + 4, as: UInt32.self),
                let offset = bytes.number(at: place + 24, as: UInt64.self).flatMap(Int.init(exactly:)),
                let length = bytes.number(at: place + 32, as: UInt64.self).flatMap(Int.init(exactly:)),
                let link = bytes.number(at: place + 40, as: UInt32.self),
                let entry = bytes.number(at: place + 56, as: UInt64.self).flatMap(Int.init(exactly:))
            else { return [] }
            let section = Section(
                name: "", type: type, offset: offset, size: length, link: Int(link), entrySize: entry)
            found.append((Int(name), section))
        }
        guard Int(names) < found.count else { return [] }
        let table = found[Int(names)].section.offset
        return found.map { name, section in
            var section = section
            section.name = bytes.text(at: table &+ name) ?? ""
            return section
        }
    }

    /// Functions by address, from the full table if there is one, else from that of the dynamic linker.
    var functions: [Symbol] {
        for type: UInt32 in [2, 11] {
            guard let table = sections.first(where: { $0.type == type }), sections.indices.contains(table.link),
                table.entrySize >= 24
            else { continue }
            let names = sections[table.link].offset
            var symbols: [Symbol] = []
            for index in 0..<(table.size / table.entrySize) {
                let place = table.offset &+ index * table.entrySize
                guard let name = bytes.number(at: place, as: UInt32.self), place + 4 < bytes.count,
                    let address = bytes.number(at: place + 8, as: UInt64.self),
                    let size = bytes.number(at: place + 16, as: UInt64.self)
                else { break }
                // Functions only, and only those that are defined here.
                guard bytes[bytes.startIndex + place + 4] & 15 == 2, address != 0,
                    let text = bytes.text(at: names &+ Int(name))
                else { continue }
                symbols.append(Symbol(address: address, size: size, name: text))
            }
            if !symbols.isEmpty {
                return symbols.sorted { $0.address < $1.address }
            }
        }
        return []
    }

    /// Whether it holds Swift code: what it says about its types stays even when it is stripped.
    var isSwift: Bool { sections.contains { $0.name.hasPrefix("swift5_") } }
    /// Whether it holds the Swift runtime itself, by a function that only the runtime has.
    var hasRuntime: Bool { functions.contains { $0.name == "swift_allocObject" } }
}

extension Data {
    /// A little-endian number at an offset; `nil` beyond the end.
    fileprivate func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number? {
        guard offset >= 0, offset <= count - MemoryLayout<Number>.size else { return nil }
        return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }

    /// The text at an offset, up to its zero.
    fileprivate func text(at offset: Int) -> String? {
        guard offset >= 0, offset < count else { return nil }
        let start = startIndex + offset
        guard let end = self[start...].firstIndex(of: 0) else { return nil }
        return String(decoding: self[start..<end], as: UTF8.self)
    }
}
