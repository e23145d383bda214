/// The programs of ``RedisStore``.
///
/// Each touches one key and its lease, which lie in the same slot.
///
/// Times come as milliseconds from now, so that only the server's clock counts.
enum StoreScripts {
    /// Writes as one `HashWrite` says.
    ///
    /// Keys: the hash and, unless it is taken care of otherwise, its lease. Arguments: the token of the lease or nothing; whether the server has deadlines of fields; the
    /// kind of lifetime (0 keep, 1 set, 2 at least) and its milliseconds; how many fields go (-1: all); how many come; then the names of
    /// those that go, and for each that comes its name, milliseconds or -1, what goes before the deadline's digits, and the value.
    /// Returns 1, or 0 where the lease has ended.
    static let write = Script(
        """
        local key, lease = KEYS[1], KEYS[2]
        if ARGV[1] ~= '' and redis.call('GET', lease) ~= ARGV[1] then return 0 end
        local native, kind, life = ARGV[2] == '1', ARGV[3], tonumber(ARGV[4])
        local gone, count = tonumber(ARGV[5]), tonumber(ARGV[6])
        local left = redis.call('PTTL', key)
        local next = 7
        if gone < 0 then
            redis.call('DEL', key)
            left = -2
        else
            local first = next
            while first < next + gone do
                local last = math.min(first + 999, next + gone - 1)
                redis.call('HDEL', key, unpack(ARGV, first, last))
                first = last + 1
            end
            next = next + gone
        end
        local now
        for index = 1, count do
            local name, time, head, value = ARGV[next], ARGV[next + 1], ARGV[next + 2], ARGV[next + 3]
            next = next + 4
            if time ~= '-1' and not native then
                if not now then
                    local t = redis.call('TIME')
                    now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
                end
                value = head .. string.format('%014.0f', now + tonumber(time)) .. value
            end
            redis.call('HSET', key, name, value)
            if time ~= '-1' and native then redis.call('HPEXPIRE', key, time, 'FIELDS', '1', name) end
        end
        if left > 0 and redis.call('PTTL', key) == -1 then redis.call('PEXPIRE', key, left) end
        if kind == '1' then
            redis.call('PEXPIRE', key, life)
        elseif kind == '2' then
            if left == -2 or (left >= 0 and left < life) then redis.call('PEXPIRE', key, life) end
        end
        if lease then redis.call('DEL', lease) end
        return 1
        """)

    /// Adds to the number in a field.
    ///
    /// Keys: the hash and, unless it is taken care of otherwise, its lease. Arguments: the field, the amount, milliseconds for the key's life or -1, what envelopes begin with.
    /// Returns the sum as a string, for numbers of this language are not exact beyond 2^53.
    static let increment = Script(
        """
        local key, lease = KEYS[1], KEYS[2]
        local field, amount, life, magic = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
        local old = redis.call('HGET', key, field)
        local head, sum = '', nil
        if old and string.sub(old, 1, #magic) == magic then
            local kind = string.sub(old, #magic + 1, #magic + 1)
            local digits = string.sub(old, #magic + 2, #magic + 15)
            local t = redis.call('TIME')
            local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
            if kind == 'd' and string.match(digits, '^%d%d%d%d%d%d%d%d%d%d%d%d%d%d$') then
                if tonumber(digits) > now then
                    head = string.sub(old, 1, #magic + 15)
                    redis.call('HSET', key, field, string.sub(old, #magic + 16))
                else
                    redis.call('HDEL', key, field)
                end
            elseif kind == 'a' or kind == 'x' then
                redis.call('HDEL', key, field)
            end
        end
        local answer = redis.pcall('HINCRBY', key, field, amount)
        if type(answer) == 'table' and answer.err then
            if old and head ~= '' then redis.call('HSET', key, field, old) end
            return answer
        end
        sum = redis.call('HGET', key, field)
        if head ~= '' then redis.call('HSET', key, field, head .. sum) end
        if life >= 0 and redis.call('PTTL', key) == -1 then redis.call('PEXPIRE', key, life) end
        if lease then redis.call('DEL', lease) end
        return sum
        """)

    /// Reads a whole hash with the deadlines of its fields, on a server that has them.
    ///
    /// Keys: the hash. Returns the key's milliseconds, the server's time, and flat triplets of name, value, milliseconds.
    static let readAll = Script(
        """
        local key = KEYS[1]
        local t = redis.call('TIME')
        local flat = redis.call('HGETALL', key)
        local result = {}
        local first = 1
        while first <= #flat do
            local last = math.min(first + 1998, #flat - 1)
            local names = {}
            for index = first, last, 2 do names[#names + 1] = flat[index] end
            local times = redis.call('HPTTL', key, 'FIELDS', #names, unpack(names))
            for index = 1, #names do
                result[#result + 1] = names[index]
                result[#result + 1] = flat[first + 2 * index - 1]
                result[#result + 1] = times[index]
            end
            first = last + 2
        end
        return {redis.call('PTTL', key), t, result}
        """)

    /// Makes a lease one's own, whoever has it; or, if a token is given, only if that has it.
    ///
    /// Keys: the lease. Arguments: the token or nothing, one's own token, milliseconds. Returns 1, or 0 where the lease has ended.
    static let takeOver = Script(
        """
        if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """)

    /// Gives a lease back if it is still the one.
    ///
    /// Keys: the lease. Arguments: the token.
    static let release = Script(
        """
        if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
        return 0
        """)
}
