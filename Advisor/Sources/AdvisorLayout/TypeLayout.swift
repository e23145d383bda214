/// How a value lies in memory on a 64-bit machine.
public struct TypeLayout: Sendable, Hashable {
    /// Bytes from the first to the last that is used.
    public let size: Int
    /// What the address is a multiple of.
    public let alignment: Int
    /// How many bit patterns never occur, up to a limit; optionals use them.
    let extraInhabitants: Int
    /// The bits that are never used, a mask per byte of `size`; nil where they aren't known.
    ///
    /// Enums with several payloads use them.
    let spareBits: [UInt8]?

    /// Bytes from one element of an array to the next.
    public var stride: Int { max(1, (size + alignment - 1) / alignment * alignment) }

    /// More patterns than any optional or enum takes.
    static let manyInhabitants = 0x7FFF_FFFF

    init(size: Int, alignment: Int, extraInhabitants: Int = 0, spareBits: [UInt8]? = nil) {
        self.size = size
        self.alignment = alignment
        self.extraInhabitants = extraInhabitants
        self.spareBits = spareBits
    }

    /// A number: every bit is used.
    static func number(_ size: Int, alignment: Int? = nil) -> TypeLayout {
        TypeLayout(size: size, alignment: alignment ?? size, spareBits: Array(repeating: 0, count: size))
    }

    /// A reference to an object of a Swift class.
    static var reference: TypeLayout {
        TypeLayout(size: 8, alignment: 8, extraInhabitants: manyInhabitants, spareBits: referenceSpareBits)
    }

    /// What a heap object's address never uses: the lowest three bits and some of the highest.
    static var referenceSpareBits: [UInt8] {
        #if arch(arm64)
            [0x07, 0, 0, 0, 0, 0, 0, 0xF0]
        #else
            [0x07, 0, 0, 0, 0, 0, 0, 0xFF]
        #endif
    }

    /// Several values one after the other, each at the next multiple of its alignment, from an offset on.
    static func sequence(_ parts: [TypeLayout], from start: Int = 0) -> (layout: TypeLayout, offsets: [Int]) {
        var offset = start
        var alignment = 1
        var inhabitants = 0
        var offsets: [Int] = []
        var spare: [UInt8]? = Array(repeating: 0, count: start)
        for part in parts {
            let aligned = (offset + part.alignment - 1) / part.alignment * part.alignment
            // Enums may use the padding's bits.
            if aligned > offset { spare?.append(contentsOf: repeatElement(0xFF, count: aligned - offset)) }
            if let bits = part.spareBits { spare?.append(contentsOf: bits) } else { spare = nil }
            offsets.append(aligned)
            offset = aligned + part.size
            alignment = max(alignment, part.alignment)
            inhabitants = max(inhabitants, part.extraInhabitants)
        }
        let layout = TypeLayout(size: offset, alignment: alignment, extraInhabitants: inhabitants, spareBits: spare)
        return (layout, offsets)
    }

    /// An enum with one payload and some cases without: patterns that the payload doesn't use stand for these; else there is a tag byte.
    static func singlePayload(_ payload: TypeLayout, emptyCases: Int) -> TypeLayout {
        if payload.extraInhabitants >= emptyCases {
            return TypeLayout(
                size: payload.size, alignment: payload.alignment,
                extraInhabitants: payload.extraInhabitants - emptyCases,
                spareBits: emptyCases == 0 ? payload.spareBits : nil)
        }
        return TypeLayout(size: payload.size + 1, alignment: payload.alignment)
    }

    /// An enum without payloads.
    static func cases(_ count: Int) -> TypeLayout {
        if count <= 1 { return TypeLayout(size: 0, alignment: 1, spareBits: []) }
        let size = count <= 256 ? 1 : 2
        var mask: UInt8 = 0xFF
        var most = count - 1
        while most > 0, mask != 0 {
            mask = mask &<< 1
            most >>= 1
        }
        return TypeLayout(
            size: size, alignment: size, extraInhabitants: (size == 1 ? 256 : 65536) - count,
            spareBits: size == 1 ? [mask] : nil)
    }

    /// An enum with several payloads: the tag goes into bits that no payload uses, else into a byte behind them.
    static func multiPayload(_ payloads: [TypeLayout], emptyCases: Int) -> TypeLayout? {
        let size = payloads.map(\.size).max() ?? 0
        let alignment = payloads.map(\.alignment).max() ?? 1
        var common: [UInt8] = Array(repeating: 0xFF, count: size)
        for payload in payloads {
            guard let bits = payload.spareBits else { return nil }
            for (position, mask) in bits.enumerated() { common[position] &= mask }
        }
        let spareCount = common.reduce(0) { $0 + $1.nonzeroBitCount }
        var tags = payloads.count
        if emptyCases > 0 {
            // The cases without payload share tags: each tag has as many patterns as the payload has other bits.
            let patterns = size >= 4 ? Int(UInt32.max) : 1 << (size * 8 - min(spareCount, size * 8))
            tags += (emptyCases + patterns - 1) / max(1, patterns)
        }
        var tagBits = 0
        while 1 << tagBits < tags { tagBits += 1 }
        let extra = tagBits > spareCount ? 1 : 0
        let totalBits = spareCount + extra * 8
        let inhabitants = totalBits >= 31 ? manyInhabitants : (1 << totalBits) - tags
        return TypeLayout(size: size + extra, alignment: alignment, extraInhabitants: max(0, inhabitants))
    }
}
