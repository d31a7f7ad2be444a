/** The key of those who wait for an order: outcomes name it by its merchant and number. */
export const orderKey = ({ merchantId, merchantOrderNo }: { merchantId: string; merchantOrderNo: string }): string =>
  `${merchantId}/${merchantOrderNo}`;

/** The key of those who wait for a payment. */
export const paymentKey = ({ operationId }: { operationId: string }): string => operationId;
