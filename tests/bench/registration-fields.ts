/** What both servers read of a registration, its lines apart. */
export const registrationFields = [
  ...[
    'number',
    'partner',
    'customer_name',
    'customer_uscc',
    'customer_key',
    'product_line',
    'amount',
    'close_on',
  ],
  ...[
    'contact_name',
    'contact_phone',
    'note',
    'state',
    'protection',
    'submitted_by',
    'submitted_at',
    'approved_on',
  ],
]
